//! TLS, with certificates of the tests' own.

use crate::certificates::Certificates;
use crate::servers::{dial, exchange, settings, with, Server};
use serde_json::{json, Value};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
use unified_redis::config::Config;
use unified_redis::io::{client_config, connect};
use unified_redis::Kind;

/// A server with that certificate, and the settings of a client that trusts `ca`.
pub fn server(certificate: &str, arguments: &[&str]) -> Option<(Server, Value)> {
    let certificates = Certificates::get()?;
    let files = certificates.arguments(certificate);
    let all: Vec<&str> = files.iter().map(String::as_str).chain(arguments.iter().copied()).collect();
    let server = Server::start_tls(&all)?;
    let settings = with(settings(server.port), "tls", certificates.settings());
    Some((server, settings))
}

/// Settings with one changed in `tls`.
pub fn tls(mut settings: Value, name: &str, value: impl Into<Value>) -> Value {
    settings["tls"][name] = value.into();
    settings
}

async fn check(settings: Value, kind: Kind, named: &[&str]) {
    let error = dial(settings).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), kind, "{error}");
    for named in named {
        assert!(error.message().contains(named), "{error}");
    }
}

pub const NO_CLIENT: &[&str] = &["--tls-auth-clients", "no"];

#[tokio::test]
async fn a_certificate_that_is_good() {
    let Some((_server, settings)) = server("good", NO_CLIENT) else { return };
    for version in ["TLSv1.2", "TLSv1.3"] {
        for host in ["127.0.0.1", "localhost"] {
            let settings = tls(tls(settings.clone(), "minVersion", version), "maxVersion", version);
            let connected = dial(with(settings, "host", host)).await.unwrap();
            assert!(connected.transport.is_tls());
            assert_eq!(exchange(&connected.transport, b"PING\r\n", b"\r\n").await, b"+PONG\r\n");
            connected.transport.shutdown();
        }
    }
}

#[tokio::test]
async fn certificates_that_are_bad() {
    let now = "by the clock of this machine";
    for (certificate, kind, named) in [
        ("expired", Kind::CertificateExpired, ["2021-02-03", now]),
        ("future", Kind::CertificateNotYetValid, ["2048-05-06", now]),
        ("elsewhere", Kind::CertificateWrongName, ["redis.example.com, 192.0.2.7", "tls.servername"]),
        ("self-signed", Kind::CertificateSelfSigned, ["self-signed", "tls.ca"]),
    ] {
        let Some((_server, settings)) = server(certificate, NO_CLIENT) else { return };
        check(settings.clone(), kind, &named).await;
        // The name and the trust in it are one thing, the wish not to verify another.
        let connected = dial(tls(settings, "rejectUnauthorized", false)).await.unwrap();
        assert_eq!(exchange(&connected.transport, b"PING\r\n", b"\r\n").await, b"+PONG\r\n");
    }
}

#[tokio::test]
async fn a_certificate_of_version_1_passes_unverified_only() {
    let Some((_server, settings)) = server("version-1", NO_CLIENT) else { return };
    for version in ["TLSv1.2", "TLSv1.3"] {
        let settings = tls(settings.clone(), "maxVersion", version);
        dial(tls(settings.clone(), "rejectUnauthorized", false)).await.unwrap();
        check(settings, Kind::CertificateSelfSigned, &["self-signed"]).await;
    }
}

#[tokio::test]
async fn an_authority_that_nobody_knows() {
    let Some((_server, settings)) = server("good", NO_CLIENT) else { return };
    check(tls(settings, "ca", json!([])), Kind::CertificateUnknownIssuer, &["\"test ca\"", "REDIS_TLS_CA"]).await;
}

#[tokio::test]
async fn a_self_signed_certificate_that_is_named() {
    let Some((_server, settings)) = server("self-signed", NO_CLIENT) else { return };
    let certificates = Certificates::get().unwrap();
    let settings = tls(settings, "ca", json!([certificates.read("self-signed.pem")]));
    dial(settings.clone()).await.unwrap();
    let elsewhere = tls(settings, "servername", "redis.example.com");
    check(elsewhere, Kind::CertificateWrongName, &["localhost, 127.0.0.1"]).await;
}

#[tokio::test]
async fn another_name_than_the_host() {
    let Some((_server, settings)) = server("elsewhere", NO_CLIENT) else { return };
    dial(tls(settings, "servername", "redis.example.com")).await.unwrap();
}

#[tokio::test]
async fn versions_that_do_not_meet() {
    let Some((_server, settings)) = server("good", &["--tls-auth-clients", "no", "--tls-protocols", "TLSv1.2"]) else {
        return;
    };
    check(tls(settings, "minVersion", "TLSv1.3"), Kind::TlsFailed, &["tls.minVersion"]).await;
}

#[tokio::test]
async fn clients_that_must_show_a_certificate() {
    let Some((_server, settings)) = server("good", &["--tls-auth-clients", "yes"]) else { return };
    let certificates = Certificates::get().unwrap();
    let showing = |settings: Value, name: &str| {
        let (certificate, key) = (certificates.read(&format!("{name}.pem")), certificates.read(&format!("{name}.key")));
        tls(tls(settings, "cert", certificate), "key", key)
    };
    for version in ["TLSv1.2", "TLSv1.3"] {
        let settings = tls(settings.clone(), "maxVersion", version);
        check(settings.clone(), Kind::ClientCertificateRefused, &["REDIS_TLS_CERT"]).await;
        check(showing(settings.clone(), "other-client"), Kind::ClientCertificateRefused, &["tls.key"]).await;
        dial(showing(settings, "client")).await.unwrap();
    }
    let mut mixed = showing(settings, "client");
    mixed["tls"]["key"] = certificates.read("ca.key").into();
    check(mixed, Kind::InvalidOption, &["tls.cert and tls.key"]).await;
}

#[tokio::test]
async fn tls_and_plain_confused() {
    let Some((server, settings)) = server("good", NO_CLIENT) else { return };
    check(with(settings.clone(), "tls", Value::Null), Kind::TlsRequired, &["REDIS_TLS=true"]).await;
    drop(server);
    // Repeated, as a plain server answers at once or never, by what our random bytes happen to be.
    let Some(plain) = Server::start(&[]) else { return };
    let settings = with(with(settings, "port", plain.port), "connectTimeout", 1000);
    for _ in 0..6 {
        check(settings.clone(), Kind::NotTls, &["REDIS_TLS=false"]).await;
    }
}

#[tokio::test]
async fn a_server_that_is_full_cannot_say_so() {
    let Some((server, settings)) = server("good", &["--tls-auth-clients", "no", "--maxclients", "1"]) else { return };
    // The connection that saw the server come up may not be gone yet.
    thread::sleep(Duration::from_millis(200));
    let _held = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    thread::sleep(Duration::from_millis(200));
    check(settings, Kind::ConnectionReset, &["maxclients"]).await;
}

#[tokio::test]
async fn sessions_are_resumed() {
    // With client certificates, which some servers do not resume unless they are set up for it.
    let Some((_server, settings)) = server("good", &["--tls-auth-clients", "yes"]) else { return };
    let certificates = Certificates::get().unwrap();
    let settings = tls(tls(settings, "cert", certificates.read("client.pem")), "key", certificates.read("client.key"));
    for version in ["TLSv1.2", "TLSv1.3"] {
        let settings = tls(settings.clone(), "maxVersion", version);
        let config: Config = serde_json::from_value(settings).unwrap();
        let tls = client_config(config.tls.as_ref().unwrap()).unwrap();
        for _ in 0..3 {
            let connected = connect(&config, "main", Some(&tls)).await.unwrap();
            exchange(&connected.transport, b"PING\r\n", b"\r\n").await;
        }
    }
}
