//! Proxies, certificates and connections that cannot be had.

use std::sync::Arc;

use expect_test::expect;
use model::recorded::RecordedAnswer;
use model::{Env, Protocol, Settings, provider, resolve};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::{deserted, serve, settings, stream, transcript};

#[tokio::test]
async fn an_http_proxy_is_asked_with_its_credentials() {
    let proxy = serve(vec![RecordedAnswer::new(&[], "by proxy")]).await;
    let mut settings = settings(&proxy, Protocol::OpenaiChat);
    settings.base_url = Some("http://provider.invalid".into());
    settings.proxy = Some(proxy.base_url().replace("http://", "http://me:pass@"));
    let seen = transcript(stream(&settings, &Env::default())).await;
    assert!(seen.starts_with("text: by proxy\n"), "{seen}");
    let [received] = proxy.requests().try_into().unwrap();
    assert_eq!(received.path, "http://provider.invalid/v1/chat/completions");
    assert_eq!(received.header("proxy-authorization"), Some("Basic bWU6cGFzcw=="));
}

#[tokio::test]
async fn a_socks_proxy_carries_the_call() {
    let model = serve(vec![RecordedAnswer::new(&[], "by socks")]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(&model, Protocol::AnthropicMessages);
    settings.base_url = Some("http://provider.invalid".into());
    settings.proxy = Some(format!("socks5h://{}", listener.local_addr().unwrap()));
    let target = model.base_url().replace("http://", "");
    let proxying = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut greeting = [0; 2];
        client.read_exact(&mut greeting).await.unwrap();
        client.read_exact(&mut vec![0; usize::from(greeting[1])]).await.unwrap();
        client.write_all(&[5, 0]).await.unwrap();
        let mut head = [0; 5];
        client.read_exact(&mut head).await.unwrap();
        let mut name = vec![0; usize::from(head[4])];
        client.read_exact(&mut name).await.unwrap();
        client.read_exact(&mut [0; 2]).await.unwrap();
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let mut server = TcpStream::connect(target).await.unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
        String::from_utf8(name).unwrap()
    });
    let seen = transcript(stream(&settings, &Env::default())).await;
    assert!(seen.starts_with("text: by socks\n"), "{seen}");
    assert_eq!(proxying.await.unwrap(), "provider.invalid");
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_named() {
    let mut settings = Settings {
        base_url: Some("http://provider.invalid".into()),
        model: Some("m".into()),
        proxy: Some(deserted()),
        ..Settings::default()
    };
    let seen = transcript(stream(&settings, &Env::default())).await;
    assert!(seen.starts_with("error: no connection to provider.invalid: proxy: "), "{seen}");
    for (proxy, expect) in [
        (
            "me:secret@host",
            expect![[r#"setting `proxy`: `***@host` does not begin with http, https, socks5 or socks5h"#]],
        ),
        (
            "ftp://me:secret@host",
            expect![[
                r#"setting `proxy`: `ftp://***@host` does not begin with http, https, socks5 or socks5h"#
            ]],
        ),
    ] {
        settings.proxy = Some(proxy.into());
        let error = provider(resolve(&settings, &Env::default()).unwrap()).err().unwrap().to_string();
        expect.assert_eq(&error);
    }
}

/// A server behind TLS whose certificate nobody knows; its address and the certificate in PEM.
async fn serve_tls(model_address: String) -> (String, String) {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(mut client) = acceptor.accept(client).await else { continue };
            let mut server = TcpStream::connect(&model_address).await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    });
    (base_url, signed.cert.pem())
}

#[tokio::test]
async fn a_certificate_is_trusted_only_when_settings_say_so() {
    let model = serve(vec![RecordedAnswer::new(&[], "safe")]).await;
    let (base_url, pem) = serve_tls(model.base_url().replace("http://", "")).await;
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings(&model, Protocol::OpenaiChat);
    settings.base_url = Some(base_url.clone());

    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let path = dir.path().join("ca.pem");
    std::fs::write(&path, other.cert.pem()).unwrap();
    settings.ca_file = Some(path.clone());
    let seen = transcript(stream(&settings, &Env::default())).await;
    let host = base_url.replace("https://", "");
    assert!(seen.starts_with(&format!("error: no connection to {host}: certificate or TLS: ")), "{seen}");
    assert!(model.requests().is_empty());

    std::fs::write(&path, pem).unwrap();
    let seen = transcript(stream(&settings, &Env::default())).await;
    assert!(seen.starts_with("text: safe\n"), "{seen}");
}

#[test]
fn a_ca_file_that_cannot_be_used_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    let settings = Settings { ca_file: Some(path.clone()), ..Settings::default() };
    let check = |expect: &str| {
        let chosen = resolve(&settings, &Env::from([("ANTHROPIC_API_KEY", "a")])).unwrap();
        let error = provider(chosen).err().unwrap().to_string();
        let shown = error.replace(path.to_str().unwrap(), "ca.pem");
        assert!(shown.starts_with(expect), "{shown}");
    };
    check("setting `ca_file`: read ca.pem: ");
    std::fs::write(&path, "no certificate").unwrap();
    check("setting `ca_file`: ca.pem holds no certificate");
}
