//! Pages that instructions mention: read from a server on this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::{Expect, expect};
use model::{Pages, Settings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::deserted;

/// A server that answers each call with what `answer` makes of its path; its address, and how often it was called.
async fn serve(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let n_calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&n_calls);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut client = BufReader::new(client);
            let (mut head, mut line) = (String::new(), String::new());
            while client.read_line(&mut line).await.unwrap_or(0) > 2 {
                head.push_str(&line);
                line.clear();
            }
            for named in ["authorization", "cookie", "referer"] {
                assert!(!head.to_lowercase().contains(named), "{head}");
            }
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let _ = client.write_all(&answer(&path)).await;
            let _ = client.shutdown().await;
        }
    });
    (address, n_calls)
}

fn ok(kind: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

fn to(target: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        .into_bytes()
}

/// Checks what is said of a page with this content.
async fn check(answer: impl Fn(&str) -> Vec<u8> + Send + 'static, expect: Expect) {
    let (address, _) = serve(answer).await;
    let read = Pages::new(&Settings::default()).text(&format!("{address}/page")).await;
    let said = read.unwrap_or_else(|error| format!("error: {error}\n"));
    let host = address.trim_start_matches("http://");
    expect.assert_eq(&said.replace(host, "HOST"));
}

#[tokio::test]
async fn a_page_is_shown_as_text_without_what_is_only_for_a_browser() {
    let page = "<html><head><title>Title</title><script>let x = 1;</script><style>p { color: red }</style></head><body>\
        <h1>Retries</h1><p>Call <code>retry(3)</code>, see <a href='https://example.org/very/long'>the policy</a>.</p>\
        <pre><code>fn a() {\n    b();\n}</code></pre><ul><li>one</li><li>two</li></ul>\
        <table><tr><th>n</th><th>wait</th></tr><tr><td>1</td><td>2 s</td></tr></table></body></html>";
    check(
        move |_| ok("text/html; charset=utf-8", page),
        expect![[r#"
            # Retries

            Call `retry(3)`, see [the policy].

            `fn a() {
                b();
            }`
            * one
            * two

            n wait
            1 2 s
        "#]],
    )
    .await;
}

#[tokio::test]
async fn other_text_is_shown_as_it_is() {
    let answer = |_: &str| ok("application/json", "\u{feff}{\"a\": 1,\r\n \"é\": 2}\r\n\r\n");
    check(
        answer,
        expect![[r#"
        {"a": 1,
         "é": 2}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn what_cannot_be_shown_says_why() {
    check(|_| ok("image/png", [1, 2, 3]), expect![["error: it is image/png, and only text is read\n"]]).await;
    check(
        |_| ok("text/plain", [b'a', 0xff]),
        expect![["error: it is not in UTF-8, and only text is read\n"]],
    )
    .await;
    check(|_| ok("text/plain", vec![b'a'; 2 << 20]), expect![["error: it is larger than 1024 KiB\n"]]).await;
    let gone = |_: &str| b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec();
    check(gone, expect![["error: the server answers with status 404\n"]]).await;
    let cut = |_: &str| b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\nhalf".to_vec();
    check(
        cut,
        expect![[
            "error: the answer was cut off: the connection broke: end of file before message length reached\n"
        ]],
    )
    .await;
    for (address, expect) in [
        (deserted(), "no connection to its server: connection refused"),
        (
            "https://me:pass@example.org/".to_owned(),
            "it is no address of a page: it holds a user's name or a password",
        ),
        ("https://".to_owned(), "it is no address of a page: empty host"),
    ] {
        let error = Pages::new(&Settings::default()).text(&address).await.unwrap_err().to_string();
        assert!(error.starts_with(expect), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_followed_on_the_same_host_and_not_into_a_network_that_is_only_here() {
    let answer = |path: &str| match path {
        "/page" => to("/moved"),
        "/moved" => ok("text/plain", "here\n"),
        other => panic!("{other}"),
    };
    check(answer, expect![["here\n"]]).await;
    let metadata = |_: &str| to("http://169.254.169.254/latest");
    check(
        metadata,
        expect![[
            "error: it leads to 169.254.169.254, which is not followed; mention that address if you mean it\n"
        ]],
    )
    .await;
    let round = |_: &str| to("/page");
    check(
        round,
        expect![["error: it leads to HOST, which is not followed; mention that address if you mean it\n"]],
    )
    .await;
}

#[tokio::test]
async fn a_page_is_kept_for_the_next_request_and_a_failure_is_not() {
    let (address, n_calls) = serve(|path| match path {
        "/page" => ok("text/plain", "text\n"),
        _ => b"HTTP/1.1 500 no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
    })
    .await;
    let pages = Pages::new(&Settings::default());
    for mark in ["", "#a-heading"] {
        assert_eq!(pages.text(&format!("{address}/page{mark}")).await.unwrap(), "text\n");
    }
    assert_eq!(n_calls.load(Ordering::SeqCst), 1);
    for _ in 0..2 {
        pages.text(&format!("{address}/gone")).await.unwrap_err();
    }
    assert_eq!(n_calls.load(Ordering::SeqCst), 3);
}
