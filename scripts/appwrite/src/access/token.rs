//! Signed tokens: JWT with HS256, the only kind Appwrite makes. Not what they say: see [`crate::access`].

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine;
use hmac::{Hmac, Mac};
use serde_json::{json, Map, Value};
use sha2::Sha256;

/// Signs claims (an object) for so many seconds from `now` (Unix seconds).
pub(crate) fn sign(secret: &str, mut claims: Value, now: i64, seconds: i64) -> String {
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + seconds);
    let header = encode(json!({"typ": "JWT", "alg": "HS256"}).to_string().as_bytes());
    let signed = format!("{header}.{}", encode(claims.to_string().as_bytes()));
    let signature = encode(&mac(secret, &signed).finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// The claims of a token that is whole, ours and not expired; otherwise why not, in the words of Appwrite's library.
pub(crate) fn verify(
    secret: &str,
    token: &str,
    now: i64,
) -> Result<Map<String, Value>, &'static str> {
    let (signed, signature) = token
        .rsplit_once('.')
        .filter(|(signed, _)| signed.matches('.').count() == 1)
        .ok_or("Invalid token: Incomplete segments")?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| "Invalid token: Signature failed")?;
    mac(secret, signed)
        .verify_slice(&signature)
        .map_err(|_| "Invalid token: Signature failed")?;
    let claims: Option<Map<String, Value>> = signed
        .split_once('.')
        .and_then(|(_, claims)| URL_SAFE_NO_PAD.decode(claims).ok())
        .and_then(|claims| serde_json::from_slice(&claims).ok());
    let claims = claims.ok_or("Invalid token: Incomplete segments")?;
    match claims.get("exp").and_then(Value::as_i64) {
        Some(expires) if expires > now => Ok(claims),
        Some(_) | None => Err("Invalid token: Expired"),
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn mac(secret: &str, signed: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(signed.as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{sign, verify};

    #[track_caller]
    fn check(token: &str, now: i64, expect: Result<&str, &str>) {
        let user = verify("secret", token, now).map(|claims| claims["userId"].clone());
        assert_eq!(user, expect.map(|user| json!(user)));
    }

    #[test]
    fn only_a_whole_unexpired_token_of_ours_is_taken() {
        let token = sign("secret", json!({"userId": "ada"}), 100, 60);
        check(&token, 159, Ok("ada"));
        check(&token, 160, Err("Invalid token: Expired"));
        check("a.b", 100, Err("Invalid token: Incomplete segments"));
        let foreign = sign("other", json!({"userId": "ada"}), 100, 60);
        check(&foreign, 100, Err("Invalid token: Signature failed"));
        let (_, signature) = token.rsplit_once('.').unwrap();
        let forged = sign("other", json!({"userId": "bob"}), 100, 60);
        let (forged, _) = forged.rsplit_once('.').unwrap();
        check(
            &format!("{forged}.{signature}"),
            100,
            Err("Invalid token: Signature failed"),
        );
    }
}
