//! Titles and names that want to be more than text, read back by two parsers with everything they can turned on.

use comrak::nodes::NodeValue;
use comrak::{parse_document, Arena};
use domain::rows::PrivacyMode;
use fastrand::Rng;
use pulldown_cmark::{Event, Options, Parser, Tag};
use report_generate::markdown::room;
use report_generate::prose::has_verdict;
use report_generate::snapshot::Language;

use crate::titles::title;
use crate::workspace::{edit, random, rounds, WrittenReport, NOW};

/// What a parser sees, but for the words.
fn by_pulldown(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::all())
        .filter_map(|event| match event {
            Event::Text(_) => None,
            Event::Start(Tag::CodeBlock(_)) => Some("code block".to_owned()),
            Event::Code(_) => Some("code".to_owned()),
            Event::Start(tag) => Some(format!("{tag:?}")),
            Event::End(tag) => Some(format!("end {tag:?}")),
            other => Some(format!("{other:?}")),
        })
        .collect()
}

fn by_comrak(markdown: &str) -> Vec<String> {
    let mut options = comrak::Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.superscript = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.multiline_block_quotes = true;
    extension.math_dollars = true;
    extension.math_code = true;
    extension.wikilinks_title_after_pipe = true;
    extension.underline = true;
    extension.subscript = true;
    extension.spoiler = true;
    extension.greentext = true;
    let arena = Arena::new();
    parse_document(&arena, markdown, &options)
        .descendants()
        .filter_map(|node| match &node.data.borrow().value {
            NodeValue::Text(_) => None,
            NodeValue::Code(_) => Some("code".to_owned()),
            NodeValue::CodeBlock(_) => Some("code block".to_owned()),
            // A parser's note that something was escaped.
            NodeValue::Escaped | NodeValue::EscapedTag(_) => None,
            other => Some(format!("{other:?}")),
        })
        .collect()
}

/// What charts hold but for the words of Mermaid's that reports use: letters, digits and few marks, whatever was written.
#[track_caller]
fn check_labels(markdown: &str) {
    for chart in markdown.split("\n```mermaid\n").skip(1) {
        let (chart, _) = chart.split_once("\n```").unwrap();
        let label = |line: &str| match chart.starts_with("gantt") {
            true => Some(line.split_once(" : ")?.0.trim().to_owned()),
            false => Some(line.split_once('"')?.1.rsplit_once('"')?.0.to_owned()),
        };
        for label in chart.lines().filter_map(label) {
            let is_admitted =
                |c: char| c.is_alphanumeric() || is_mark(c) || " .,-'’…\u{A0}%".contains(c);
            assert!(label.chars().all(is_admitted), "{label:?}\n{chart}");
        }
    }
}

/// Marks of the letters that hostile titles have: combining accents and signs of Devanagari.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{97F}')
}

#[track_caller]
fn check_alike(hostile: &WrittenReport, harmless: &WrittenReport) {
    for parse in [by_pulldown, by_comrak] {
        let (found, expect) = (parse(&hostile.markdown), parse(&harmless.markdown));
        let differs = found.iter().zip(&expect).position(|(a, b)| a != b);
        let around = |place: usize| &found[place.saturating_sub(2)..(place + 3).min(found.len())];
        assert_eq!(differs.map(around), None, "{}", hostile.markdown);
        assert_eq!(found.len(), expect.len(), "{}", hostile.markdown);
        for word in ["Html", "Link", "Image", "Footnote", "Math"] {
            assert!(
                !found.iter().any(|node| node.contains(word)),
                "{word}: {}",
                hostile.markdown
            );
        }
    }
    check_labels(&hostile.markdown);
    let is_bad = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{AD}')
    };
    assert!(!hostile.markdown.contains(is_bad), "{}", hostile.markdown);
    assert_eq!(
        hostile.markdown.lines().count(),
        harmless.markdown.lines().count()
    );
}

#[test]
fn whatever_titles_and_names_hold_they_stay_text() {
    let mut rng = Rng::with_seed(19);
    let mut titles = 0;
    for round in 0..rounds(300) {
        let mut harmless = random(&mut rng, PrivacyMode::Open);
        let mut hostile = harmless.clone();
        let rename = |rng: &mut Rng, workspace: &mut crate::workspace::Workspace| {
            for item in &mut workspace.items {
                item.columns.title = Some(title(rng));
            }
        };
        hostile.name = title(&mut rng);
        hostile
            .names
            .iter_mut()
            .for_each(|(_, name)| *name = title(&mut rng));
        rename(&mut rng, &mut hostile);
        let language = [Language::En, Language::De][round % 2];
        let before = harmless.report("ada", NOW, language, None);
        edit(&mut rng, &mut harmless);
        let mut after = harmless.clone();
        after.name.clone_from(&hostile.name);
        after.names.clone_from(&hostile.names);
        rename(&mut rng, &mut after);
        titles += after.items.len() + hostile.items.len();
        check_alike(&hostile.report("ada", NOW, language, None), &before);
        let now = NOW + 7 * 86_400;
        let earlier = hostile.report("ada", NOW, language, None);
        check_alike(
            &after.report("ada", now, language, Some(&earlier.snapshot)),
            &harmless.report("ada", now, language, Some(&before.snapshot)),
        );
    }
    println!("{titles} hostile titles, in two parsers the same page as with harmless ones");
}

/// The first screen is a screen, whatever titles are like.
#[test]
fn the_first_screen_has_at_most_two_hundred_words() {
    let mut rng = Rng::with_seed(20);
    let mut most = 0;
    for round in 0..rounds(300) {
        let mut workspace = random(&mut rng, PrivacyMode::Open);
        for item in &mut workspace.items {
            item.columns.title =
                Some("a b c d e f g h i j k l m n o p q r s t u v w x y z".to_owned());
        }
        workspace.name = "a b c d e f g h".to_owned();
        workspace
            .names
            .iter_mut()
            .for_each(|(_, name)| *name = "a b c d".to_owned());
        let language = [Language::En, Language::De][round % 2];
        let before = workspace.report("ada", NOW, language, None);
        edit(&mut rng, &mut workspace);
        let made = workspace.report("ada", NOW + 86_400, language, Some(&before.snapshot));
        let mut sections = made.markdown.split("\n## ");
        let screen: Vec<&str> = sections.by_ref().take(2).collect();
        let screen = screen.join(" ");
        let words = screen.split_whitespace().count();
        assert!(words <= 200, "{words} words:\n{screen}");
        // What all else leaves is the verdict's.
        if has_verdict(&made.findings) {
            let verdict = screen.lines().find(|line| line.starts_with("**"));
            let verdict = verdict.unwrap().split_whitespace().count();
            let others = words - verdict;
            // The signs of the heading between count as a word.
            assert_eq!(room(&made.snapshot, &made.findings) + others + 1, 200);
        }
        most = most.max(words);
    }
    println!("{most} words at most");
}
