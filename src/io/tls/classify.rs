//! What went wrong with TLS, in words that say what to change.

use super::certificate::date;
use super::verifier::Untrusted;
use crate::error::{Error, Kind};
use crate::io::transport::Progress;
use rustls::{AlertDescription, CertificateError, PeerIncompatible};
use std::io;

/// The error of a TLS connection to `peer` that had come as far as `progress`: in the words and with the kind of its
/// cause, and with what there is to be changed.
pub fn classify(error: &io::Error, peer: &str, progress: Progress) -> Error {
    match error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>()) {
        Some(cause) => of_rustls(cause, peer, progress),
        None => of_socket(error, peer, progress),
    }
}

fn of_socket(error: &io::Error, peer: &str, progress: Progress) -> Error {
    let closed = matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    );
    match progress {
        // Also what a Redis server does that has reached maxclients: it cannot say so before TLS is up.
        Progress::Silent if closed => Error::new(
            Kind::ConnectionReset,
            format!(
                "{peer} closed the connection at the start of the TLS handshake: it may have reached its maxclients, \
                 or the port may not speak TLS (if so, set tls: false or REDIS_TLS=false)"
            ),
        ),
        Progress::Answered | Progress::Negotiated if closed => {
            Error::new(Kind::TlsFailed, format!("{peer} closed the connection during the TLS handshake"))
        }
        _ => Error::io(peer, error),
    }
}

fn of_rustls(cause: &rustls::Error, peer: &str, progress: Progress) -> Error {
    let established = progress == Progress::Established;
    let (kind, message) = match cause {
        rustls::Error::InvalidCertificate(certificate) => return of_certificate(certificate, peer),
        rustls::Error::InvalidMessage(_) | rustls::Error::InappropriateMessage { .. } if !established => {
            return not_tls(peer);
        }
        rustls::Error::AlertReceived(alert) if refuses_client(*alert, progress) => (
            Kind::ClientCertificateRefused,
            format!(
                "{peer} refused our client certificate, or wants one and was given none (TLS alert {alert:?}): check \
                 tls.cert and tls.key (REDIS_TLS_CERT, REDIS_TLS_KEY)"
            ),
        ),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled
            | PeerIncompatible::SupportedVersionsExtensionRequired,
        ) => (
            Kind::TlsFailed,
            format!("{peer} has no TLS version in common with us: check tls.minVersion and tls.maxVersion ({cause})"),
        ),
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure)
        | rustls::Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon) => (
            Kind::TlsFailed,
            format!(
                "{peer} has no TLS cipher suite in common with us, or none for the versions that tls.minVersion and \
                 tls.maxVersion allow ({cause})"
            ),
        ),
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => (
            Kind::TlsFailed,
            format!(
                "{peer} does not know the name it was asked for by SNI: check tls.servername (REDIS_TLS_SERVERNAME)"
            ),
        ),
        rustls::Error::NoCertificatesPresented => {
            (Kind::CertificateInvalid, format!("{peer} presented no TLS certificate"))
        }
        _ if established => (Kind::TlsFailed, format!("TLS with {peer} failed: {cause}")),
        _ => (Kind::TlsFailed, format!("the TLS handshake with {peer} failed: {cause}")),
    };
    Error::new(kind, message)
}

/// TLS is on, and what answered does not speak it.
pub(in crate::io) fn not_tls(peer: &str) -> Error {
    Error::new(
        Kind::NotTls,
        format!(
            "{peer} does not speak TLS on that port: set tls: false (REDIS_TLS=false), use redis:// rather than \
             rediss://, or give the TLS port"
        ),
    )
}

/// Whether an alert is about our certificate. Some say so; others do if they come once the server has chosen a cipher
/// (before that, a handshake failure means that there was none to choose) and it is our turn to identify ourselves.
fn refuses_client(alert: AlertDescription, progress: Progress) -> bool {
    match alert {
        AlertDescription::CertificateRequired
        | AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied
        | AlertDescription::NoCertificate => true,
        AlertDescription::HandshakeFailure | AlertDescription::DecryptError => {
            matches!(progress, Progress::Negotiated | Progress::Established)
        }
        _ => false,
    }
}

fn of_certificate(cause: &CertificateError, peer: &str) -> Error {
    let (kind, message) = match cause {
        CertificateError::UnknownIssuer => {
            (Kind::CertificateUnknownIssuer, unknown_issuer(peer, "issued by nobody known"))
        }
        CertificateError::Other(other) => match other.0.downcast_ref::<Untrusted>() {
            Some(untrusted) if untrusted.self_signed => (
                Kind::CertificateSelfSigned,
                format!(
                    "the certificate of {peer} is self-signed, and not trusted: give it as tls.ca (REDIS_TLS_CA), or \
                     have it issued by an authority"
                ),
            ),
            Some(untrusted) => (Kind::CertificateUnknownIssuer, unknown_issuer(peer, &untrusted.to_string())),
            None => (Kind::CertificateInvalid, format!("the certificate of {peer} is not valid: {other}")),
        },
        CertificateError::ExpiredContext { time, not_after } => (
            Kind::CertificateExpired,
            format!(
                "the certificate of {peer} expired on {}, and it is {} by the clock of this machine: renew it \
                 on the server",
                date(not_after.as_secs()),
                date(time.as_secs())
            ),
        ),
        CertificateError::Expired => {
            (Kind::CertificateExpired, format!("the certificate of {peer} has expired: renew it on the server"))
        }
        CertificateError::NotValidYetContext { time, not_before } => (
            Kind::CertificateNotYetValid,
            format!(
                "the certificate of {peer} is valid from {}, and it is {} by the clock of this machine",
                date(not_before.as_secs()),
                date(time.as_secs())
            ),
        ),
        CertificateError::NotValidYet => {
            (Kind::CertificateNotYetValid, format!("the certificate of {peer} is not valid yet"))
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            (Kind::CertificateWrongName, wrong_name(peer, &expected.to_str(), presented))
        }
        CertificateError::NotValidForName => {
            (Kind::CertificateWrongName, format!("the certificate of {peer} is for another name"))
        }
        _ => (Kind::CertificateInvalid, format!("the certificate of {peer} is not valid: {cause}")),
    };
    Error::new(kind, message)
}

fn unknown_issuer(peer: &str, how: &str) -> String {
    format!(
        "the certificate of {peer} is {how}, which is not trusted: give the authority's certificate as tls.ca \
         (REDIS_TLS_CA)"
    )
}

fn wrong_name(peer: &str, expected: &str, presented: &[String]) -> String {
    // rustls describes names as `DnsName("a.example")` and addresses as `IpAddress(10.0.0.1)`.
    let names: Vec<_> = presented
        .iter()
        .map(|name| {
            let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
            inner.trim_matches('"')
        })
        .collect();
    let carried = match names.as_slice() {
        [] => "no name at all (names count only as subjectAltName)".to_owned(),
        names => format!("for {}", names.join(", ")),
    };
    format!(
        "the certificate of {peer} is not for {expected:?} but {carried}: connect by one of its names, or set \
         tls.servername (REDIS_TLS_SERVERNAME)"
    )
}
