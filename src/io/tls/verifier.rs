//! Decides whether a server's certificate will do.

use super::certificate::Certificate;
use crate::error::{Error, Kind, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_name, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// The verifier of rustls, with two differences: certificates named in `tls.ca` are trusted as they are, and
/// `rejectUnauthorized: false` accepts any. Even then the handshake's signature is checked, so that the server has
/// to hold the key of the certificate that it shows.
#[derive(Debug)]
pub(super) struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
    reject_unauthorized: bool,
    provider: Arc<CryptoProvider>,
}

/// The cause within [`CertificateError::Other`]: nobody whom we trust has issued the certificate.
#[derive(Debug)]
pub(super) struct Untrusted {
    /// The common name of the issuer, where there is one.
    pub(super) issuer: Option<String>,
    /// Whether the certificate was issued by itself.
    pub(super) self_signed: bool,
}

impl Verifier {
    pub(super) fn new(
        roots: RootCertStore,
        named: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
        reject_unauthorized: bool,
    ) -> Result<Self> {
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| Error::new(Kind::Internal, format!("TLS verifier: {error}")))?;
        Ok(Self { webpki, named, reject_unauthorized, provider })
    }

    /// Checks a signature by the key of a certificate that rustls does not even read, which is one of version 1, as
    /// many are that were made by hand. Only for when certificates are not verified.
    fn verify_bare(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Option<HandshakeSignatureValid> {
        if self.reject_unauthorized || ParsedCertificate::try_from(certificate).is_ok() {
            return None;
        }
        let (algorithm, key) = Certificate::parse(certificate)?.public_key();
        let schemes = self.provider.signature_verification_algorithms.mapping;
        let (_, candidates) = schemes.iter().find(|(scheme, _)| *scheme == signature.scheme)?;
        let fitting = candidates.iter().find(|candidate| candidate.public_key_alg_id().as_ref() == algorithm)?;
        fitting.verify_signature(key, message, signature.signature()).ok()?;
        Some(HandshakeSignatureValid::assertion())
    }

    /// Verifies a certificate that is in `tls.ca` itself: no issuer, but name and dates.
    fn verify_named(
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let dates = Certificate::parse(certificate).ok_or(CertificateError::BadEncoding)?;
        if now.as_secs() < dates.not_before {
            let not_before = UnixTime::since_unix_epoch(std::time::Duration::from_secs(dates.not_before));
            return Err(CertificateError::NotValidYetContext { time: now, not_before }.into());
        }
        if now.as_secs() > dates.not_after {
            let not_after = UnixTime::since_unix_epoch(std::time::Duration::from_secs(dates.not_after));
            return Err(CertificateError::ExpiredContext { time: now, not_after }.into());
        }
        verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
        Ok(ServerCertVerified::assertion())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if !self.reject_unauthorized {
            return Ok(ServerCertVerified::assertion());
        }
        if self.named.iter().any(|named| named.as_ref() == end_entity.as_ref()) {
            return Self::verify_named(end_entity, server_name, now);
        }
        self.webpki
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| explain(error, end_entity))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        match self.verify_bare(message, certificate, signature) {
            Some(valid) => Ok(valid),
            None => self.webpki.verify_tls12_signature(message, certificate, signature),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        match self.verify_bare(message, certificate, signature) {
            Some(valid) => Ok(valid),
            None => self.webpki.verify_tls13_signature(message, certificate, signature),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

/// Adds what only the certificate tells: who issued it. A self-signed one is reported as such whatever else rustls
/// finds wrong with it first: that it is an authority's, as what `openssl req -x509` makes, or its dates.
fn explain(error: rustls::Error, certificate: &CertificateDer<'_>) -> rustls::Error {
    let Some(parsed) = Certificate::parse(certificate) else {
        return error;
    };
    let unknown = matches!(error, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
    if !unknown && !parsed.is_self_signed() {
        return error;
    }
    let untrusted = Untrusted { issuer: parsed.issuer_name(), self_signed: parsed.is_self_signed() };
    CertificateError::Other(OtherError(Arc::new(untrusted))).into()
}

impl fmt::Display for Untrusted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.issuer, self.self_signed) {
            (_, true) => formatter.write_str("self-signed"),
            (Some(issuer), false) => write!(formatter, "issued by {issuer:?}"),
            (None, false) => formatter.write_str("issued by an unknown authority"),
        }
    }
}

impl std::error::Error for Untrusted {}
