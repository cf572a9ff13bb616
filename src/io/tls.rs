//! TLS settings made into what rustls wants, and its failures made into ours.

mod certificate;
mod classify;
mod verifier;

use crate::config::Tls;
use crate::error::{Error, Kind, Result};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use std::sync::Arc;
use verifier::Verifier;

pub use classify::classify;
pub(super) use classify::not_tls;

/// The rustls configuration for these settings. Building it parses some 150 root certificates: do it once for each
/// `initialize`, not for each link. Links that share it also share the memory of TLS sessions, so that reconnecting
/// resumes them.
///
/// Trusted are the Mozilla roots and the authorities in `tls.ca`. A certificate that is itself in `tls.ca` is trusted
/// too, as it is in Node, so that a self-signed one can be named there.
///
/// Errors: [`Kind::InvalidOption`], naming the option.
pub fn client_config(tls: &Tls) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let named = authorities(&tls.ca)?;
    let verifier = Verifier::new(roots(&named)?, named, Arc::clone(&provider), tls.reject_unauthorized)?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions(tls)?)
        .map_err(|error| invalid(format!("tls: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let config = match (&tls.cert, &tls.key) {
        (None, None) => builder.with_no_client_auth(),
        (Some(chain), Some(key)) => {
            let (chain, key) = (client_chain(chain)?, client_key(key.reveal(), &provider)?);
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| invalid(format!("tls.cert and tls.key (REDIS_TLS_CERT, REDIS_TLS_KEY): {error}")))?
        }
        (Some(_), None) => return Err(invalid("tls.key (REDIS_TLS_KEY) is missing: tls.cert needs its private key")),
        (None, Some(_)) => return Err(invalid("tls.cert (REDIS_TLS_CERT) is missing: tls.key needs its certificate")),
    };
    Ok(Arc::new(config))
}

/// The name that the server's certificate must carry, which is also the one sent as SNI.
/// `option` is where the host was given.
pub(super) fn server_name(tls: Option<&Tls>, host: &str, option: &str) -> Result<ServerName<'static>> {
    let (option, name) = match tls.and_then(|tls| tls.servername.as_deref()) {
        Some(name) => ("tls.servername (REDIS_TLS_SERVERNAME)", name),
        None => (option, host),
    };
    ServerName::try_from(name.to_owned())
        .map_err(|_| invalid(format!("{option} must be a host name or an IP address for TLS, got {name:?}")))
}

fn versions(tls: &Tls) -> Result<Vec<&'static SupportedProtocolVersion>> {
    const ALL: [(&str, &SupportedProtocolVersion); 2] =
        [("TLSv1.2", &rustls::version::TLS12), ("TLSv1.3", &rustls::version::TLS13)];
    let position = |option: &str, value: &Option<String>, default: usize| match value {
        None => Ok(default),
        Some(value) => ALL
            .iter()
            .position(|(name, _)| name == value)
            .ok_or_else(|| invalid(format!("{option} must be TLSv1.2 or TLSv1.3, got {value:?}"))),
    };
    let lowest = position("tls.minVersion", &tls.min_version, 0)?;
    let highest = position("tls.maxVersion", &tls.max_version, ALL.len() - 1)?;
    if lowest > highest {
        return Err(invalid("tls.minVersion must not be above tls.maxVersion"));
    }
    Ok(ALL[lowest..=highest].iter().map(|(_, version)| *version).collect())
}

/// The certificates of `tls.ca`.
fn authorities(texts: &[String]) -> Result<Vec<CertificateDer<'static>>> {
    let mut certificates = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let option = format!("tls.ca[{index}] (REDIS_TLS_CA)");
        certificates.extend(certificates_in(&option, text)?);
    }
    Ok(certificates)
}

fn roots(named: &[CertificateDer<'static>]) -> Result<RootCertStore> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // A bundle may hold an oddity among good roots. What must not pass is that nothing of it is used.
    let (added, ignored) = roots.add_parsable_certificates(named.iter().cloned());
    if added == 0 && ignored > 0 {
        return Err(invalid("tls.ca (REDIS_TLS_CA) holds no certificate that can be used as an authority"));
    }
    Ok(roots)
}

fn client_chain(text: &str) -> Result<Vec<CertificateDer<'static>>> {
    certificates_in("tls.cert (REDIS_TLS_CERT)", text)
}

fn client_key(text: &str, provider: &CryptoProvider) -> Result<PrivateKeyDer<'static>> {
    const OPTION: &str = "tls.key (REDIS_TLS_KEY)";
    if text.contains("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(invalid(format!(
            "{OPTION} is encrypted with a passphrase, which is not supported: decrypt it first"
        )));
    }
    let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|error| match error {
        pem::Error::NoItemsFound => invalid(format!("{OPTION} holds no private key: PEM text is expected, not a path")),
        // Not the parser's words, which may quote the key.
        _ => invalid(format!("{OPTION} is not valid PEM")),
    })?;
    provider
        .key_provider
        .load_private_key(key.clone_key())
        .map_err(|_| invalid(format!("{OPTION} is not a private key that can be used: RSA, ECDSA or Ed25519 is")))?;
    Ok(key)
}

fn certificates_in(option: &str, text: &str) -> Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<std::result::Result<Vec<_>, _>>()
        // Not the parser's words, which quote the text: it may be a key in the wrong place.
        .map_err(|_| invalid(format!("{option} is not valid PEM")))?;
    if certificates.is_empty() {
        return Err(invalid(format!("{option} holds no certificate: PEM text is expected, not a path")));
    }
    Ok(certificates)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(Kind::InvalidOption, message)
}
