//! Proxies that the environment names, and certificates that it does not: by the binary, since a process has one environment.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use e2e::{Model, World, answer, binary};
use model::Protocol;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const CODE: &str = "def area(w, h):\n    return w + h\n";
const REWRITE: &str = "```python\ndef area(w, h):\n    return w * h\n```\n";

/// A name that no resolver knows: only a proxy can lead there.
const HOST: &str = "provider.invalid";

fn model() -> Model {
    Model::over(Protocol::OpenaiChat, vec![answer(&["multiply"], REWRITE)])
}

/// An edit with these variables, for a provider at `base_url`; exit code and all that was said.
fn edit(base_url: &str, settings: &str, env: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut world = World::new(&format!("//- /a.py\n{CODE}"), None);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "NO_PROXY"] {
        world.set(name, "");
    }
    world.set("MY_KEY", "a-key-for-the-provider");
    env.iter().for_each(|(name, value)| world.set(name, value));
    let provider = format!(
        "[provider]\nprotocol = 'openai-chat'\nbase_url = '{base_url}'\nmodel = 'm'\napi_key_env = 'MY_KEY'\ncontext_tokens = 64000\ntimeouts.retry_delay_ms = 1\n{settings}"
    );
    std::fs::write(world.config(), provider).expect("settings");
    let mut command = Command::new(binary());
    command
        .args(["edit", "a.py:2", "-m", "multiply", "--yes"])
        .current_dir(world.root())
        .stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(world.env().iter().map(|(name, value)| (name, value)));
    let Output { status, stdout, stderr } = command.output().expect("the binary ends");
    let said = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    assert_eq!(status.code() == Some(0), world.read("a.py").contains("w * h"), "{said}");
    (status.code(), said)
}

/// A proxy that answers the first line and headers of each call with what `answer` makes of them, then passes bytes on to where
/// that says. Its address, and the heads it was sent.
fn proxy(
    answer: impl Fn(&str) -> (&'static str, Option<String>) + Send + 'static,
) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (tx, heads) = channel();
    std::thread::spawn(move || {
        while let Ok((mut client, _)) = listener.accept() {
            let mut reader = BufReader::new(client.try_clone().expect("a second handle"));
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
            let (reply, target) = answer(&head);
            let _ = tx.send(head);
            let _ = client.write_all(reply.as_bytes());
            if let Some(target) = target {
                pass(client, TcpStream::connect(target).expect("the target"));
            }
        }
    });
    (address, heads)
}

/// Passes bytes both ways, on threads of their own.
fn pass(client: TcpStream, server: TcpStream) {
    let (mut from_client, mut to_server) =
        (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
    let (mut from_server, mut to_client) = (server, client);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(std::net::Shutdown::Both);
    });
}

/// A server behind TLS in front of `model`, for `HOST`; its address and its certificate in PEM.
fn serve_tls(model: &Model) -> (String, String) {
    let signed = rcgen::generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .expect("a server");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let target = model.base_url().replace("http://", "");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            listener.set_nonblocking(true).expect("it does not block");
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, target) = (acceptor.clone(), target.clone());
                tokio::spawn(async move {
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let mut server = tokio::net::TcpStream::connect(target).await.expect("the model");
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                });
            }
        });
    });
    (address, signed.cert.pem())
}

#[test]
fn https_proxy_is_asked_with_its_credentials_and_the_extra_ca_is_trusted() {
    let model = model();
    let (target, pem) = serve_tls(&model);
    let (address, heads) = proxy(move |_| ("HTTP/1.1 200 Connected\r\n\r\n", Some(target.clone())));
    let dir = tempfile::tempdir().expect("a directory");
    let ca_file = dir.path().join("ca.pem");
    std::fs::write(&ca_file, pem).expect("a certificate");
    let url = format!("https://{HOST}");
    let env = format!("http://me:pass@{address}");
    let (code, said) = edit(&url, "", &[("HTTPS_PROXY", &env)]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("certificate not trusted") && said.contains("provider.ca_file"), "{said}");
    assert!(model.requests().is_empty());
    let (code, said) = edit(&url, &format!("ca_file = '{}'", ca_file.display()), &[("HTTPS_PROXY", &env)]);
    assert_eq!(code, Some(0), "{said}");
    let heads: Vec<String> = heads.try_iter().collect();
    assert!(
        heads.iter().all(|head| head.starts_with(&format!("CONNECT {HOST}:443 HTTP/1.1\r\n"))),
        "{heads:?}"
    );
    assert!(
        heads.iter().all(|head| head.to_lowercase().contains("proxy-authorization: basic bwu6cgfzcw==")),
        "{heads:?}"
    );
    let [request] = model.requests().try_into().expect("one request");
    assert_eq!(request.header("authorization"), Some("Bearer a-key-for-the-provider"));
    assert!(request.header("proxy-authorization").is_none(), "the provider does not see it");
}

#[test]
fn a_proxy_that_refuses_is_named_as_the_cause_and_its_password_is_not() {
    let url = format!("https://{HOST}");
    for reply in ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 403 Forbidden\r\n\r\n"] {
        let (address, _heads) = proxy(move |_| (reply, None));
        let (code, said) = edit(&url, "", &[("HTTPS_PROXY", &format!("http://me:pass-word@{address}"))]);
        assert_eq!(code, Some(3), "{said}");
        assert!(
            said.contains("the proxy failed") && said.contains("HTTPS_PROXY and NO_PROXY"),
            "{reply}: {said}"
        );
        assert!(!said.contains("pass-word"), "{said}");
    }
}

#[test]
fn no_proxy_keeps_a_host_from_the_proxy() {
    let (address, heads) = proxy(|_| ("HTTP/1.1 502 Bad Gateway\r\n\r\n", None));
    let proxy_url = format!("http://{address}");
    let url = format!("http://{HOST}");
    for variables in [
        [("HTTP_PROXY", proxy_url.as_str()), ("NO_PROXY", HOST)],
        [("ALL_PROXY", proxy_url.as_str()), ("NO_PROXY", "example.org,.invalid")],
    ] {
        let (code, said) = edit(&url, "", &variables);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("its name was not found"), "{said}");
        assert!(heads.try_iter().next().is_none(), "the proxy was asked");
    }
    let (code, said) = edit(&url, "", &[("HTTP_PROXY", &proxy_url), ("NO_PROXY", "example.org")]);
    assert_eq!(code, Some(3), "{said}");
    assert!(
        heads.try_iter().next().is_some_and(|head| head.starts_with("POST http://provider.invalid/v1/chat"))
    );
}

#[test]
fn a_server_of_this_machine_is_asked_without_a_proxy() {
    let model = model();
    let (address, heads) = proxy(|_| ("HTTP/1.1 502 Bad Gateway\r\n\r\n", None));
    let (code, said) = edit(&model.base_url(), "", &[("ALL_PROXY", &format!("http://{address}"))]);
    assert_eq!(code, Some(0), "{said}");
    assert!(heads.try_iter().next().is_none());
}

#[test]
fn a_socks_proxy_of_the_environment_carries_the_call() {
    let model = model();
    let target = model.base_url().replace("http://", "");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("a client");
        let mut read = |n: usize| {
            let mut bytes = vec![0; n];
            client.read_exact(&mut bytes).expect("the client's words");
            bytes
        };
        let greeting = read(2);
        let methods = read(usize::from(greeting[1]));
        assert!(methods.contains(&2), "a name and a password are offered");
        client.write_all(&[5, 2]).expect("the method");
        let mut read = |n: usize| {
            let mut bytes = vec![0; n];
            client.read_exact(&mut bytes).expect("the client's words");
            bytes
        };
        let name = read(2);
        let name = read(usize::from(name[1]));
        let len = read(1)[0];
        let password = read(usize::from(len));
        client.write_all(&[1, 0]).expect("welcome");
        let mut head = [0; 5];
        client.read_exact(&mut head).expect("the target");
        let mut host = vec![0; usize::from(head[4]) + 2];
        client.read_exact(&mut host).expect("the target");
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).expect("connected");
        pass(client, TcpStream::connect(target).expect("the model"));
        host.truncate(usize::from(head[4]));
        [name, password, host].map(|bytes| String::from_utf8(bytes).expect("text"))
    });
    let env = format!("socks5h://me:pass@{address}");
    let (code, said) = edit(&format!("http://{HOST}"), "", &[("ALL_PROXY", &env)]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(seen.join().expect("the proxy"), ["me", "pass", HOST]);
}
