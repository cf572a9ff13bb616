//! Certificates made with the `openssl` command, once for all tests.

use serde_json::{json, Value};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

const CONFIG: &str = "
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = policy
unique_subject = no
rand_serial = yes
[policy]
commonName = supplied
[req]
distinguished_name = subject
[subject]
[authority_extensions]
basicConstraints = critical, CA:TRUE
";

/// A directory with `ca` and `other-ca`, the servers' `good`, `expired`, `future`, `elsewhere`, `version-1`
/// and `self-signed`, and
/// the clients' `client` and `other-client`, each a `.pem` and a `.key`.
pub struct Certificates(PathBuf);

impl Certificates {
    /// None, with the reason printed, where there is no `openssl`.
    pub fn get() -> Option<&'static Self> {
        static MADE: OnceLock<Option<Certificates>> = OnceLock::new();
        MADE.get_or_init(Self::make).as_ref()
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// What makes a server use a certificate, and accept clients of `ca`.
    pub fn arguments(&self, certificate: &str) -> Vec<String> {
        let path = |name: &str| self.0.join(name).to_str().unwrap().to_owned();
        vec![
            "--tls-cert-file".to_owned(),
            path(&format!("{certificate}.pem")),
            "--tls-key-file".to_owned(),
            path(&format!("{certificate}.key")),
            "--tls-ca-cert-file".to_owned(),
            path("ca.pem"),
        ]
    }

    /// The settings of a client that trusts `ca`.
    pub fn settings(&self) -> Value {
        json!({
            "ca": [self.read("ca.pem")], "cert": null, "key": null, "servername": null,
            "rejectUnauthorized": true, "minVersion": null, "maxVersion": null,
        })
    }

    fn make() -> Option<Self> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dial-certificates");
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        let made = Self(directory);
        if let Err(error) = Command::new("openssl").arg("version").stdout(Stdio::null()).status() {
            println!("skipped: openssl does not start ({error})");
            return None;
        }
        std::fs::write(made.0.join("openssl.cnf"), CONFIG).unwrap();
        std::fs::write(made.0.join("index.txt"), "").unwrap();
        for authority in ["ca", "other-ca"] {
            made.self_signed(authority, "authority_extensions", "");
        }
        made.self_signed("self-signed", "authority_extensions", "DNS:localhost, IP:127.0.0.1");
        let here = "DNS:localhost, IP:127.0.0.1";
        made.issued("good", "ca", here, "20200101000000Z", "20490101000000Z");
        made.issued("expired", "ca", here, "20200101000000Z", "20210203000000Z");
        made.issued("future", "ca", here, "20480506000000Z", "20490101000000Z");
        made.issued("elsewhere", "ca", "DNS:redis.example.com, IP:192.0.2.7", "20200101000000Z", "20490101000000Z");
        made.version_1("version-1");
        made.issued("client", "ca", "DNS:client", "20200101000000Z", "20490101000000Z");
        made.issued("other-client", "other-ca", "DNS:client", "20200101000000Z", "20490101000000Z");
        Some(made)
    }

    fn self_signed(&self, name: &str, extensions: &str, names: &str) {
        let names = format!("subjectAltName = {names}");
        let mut command = vec!["req", "-x509", "-days", "2", "-extensions", extensions];
        if !names.ends_with("= ") {
            command.extend(["-addext", &names]);
        }
        self.with_new_key(&command, name, &format!("{name}.pem"));
    }

    fn issued(&self, name: &str, authority: &str, names: &str, from: &str, until: &str) {
        let request = format!("{name}.csr");
        self.with_new_key(&["req"], name, &request);
        let extensions = format!("{name}.ext");
        std::fs::write(self.0.join(&extensions), format!("subjectAltName = {names}\n")).unwrap();
        let (certificate, key, out) = (format!("{authority}.pem"), format!("{authority}.key"), format!("{name}.pem"));
        self.openssl(&[
            "ca",
            "-batch",
            "-notext",
            "-config",
            "openssl.cnf",
            "-cert",
            &certificate,
            "-keyfile",
            &key,
            "-in",
            &request,
            "-out",
            &out,
            "-extfile",
            &extensions,
            "-startdate",
            from,
            "-enddate",
            until,
        ]);
    }

    /// What `openssl x509 -req` makes if it is not told about extensions, up to OpenSSL 3.1.
    fn version_1(&self, name: &str) {
        let request = format!("{name}.csr");
        self.with_new_key(&["req"], name, &request);
        let (key, out) = (format!("{name}.key"), format!("{name}.pem"));
        self.openssl(&["x509", "-req", "-days", "2", "-in", &request, "-signkey", &key, "-out", &out]);
    }

    fn with_new_key(&self, command: &[&str], name: &str, out: &str) {
        let (subject, key) = (format!("/CN=test {name}"), format!("{name}.key"));
        let rest = [
            "-config",
            "openssl.cnf",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            &subject,
            "-keyout",
            &key,
            "-out",
            out,
        ];
        self.openssl(&[command, &rest].concat());
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
