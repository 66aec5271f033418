//! The connection under a request, for faults that are about it alone. HTTP is [`crate::server`]'s.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::net::{TcpListener, TcpStream};

/// A second handle to the socket; none where there are no more to be had.
#[derive(Clone, Debug)]
pub(crate) struct Socket(Option<Arc<OwnedFd>>);

impl Connected<IncomingStream<'_, TcpListener>> for Socket {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(stream.io().as_fd().try_clone_to_owned().ok().map(Arc::new))
    }
}

impl Socket {
    /// Makes the end of the connection a TCP reset instead of an orderly close: the other side's read fails, and what
    /// was on its way to it is lost.
    pub(crate) fn reset_at_end(&self) -> io::Result<()> {
        let socket = self.0.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let socket = std::net::TcpStream::from(socket.try_clone()?);
        TcpStream::from_std(socket)?.set_zero_linger()
    }
}
