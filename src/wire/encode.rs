//! Commands as bytes. JavaScript encodes its own: this is for the ones that the I/O thread sends by itself.

/// The longest head: a type byte, the digits of a `u64`, and `\r\n`.
const LONGEST_HEAD: usize = 23;

/// Appends one command, its name first, to `out`.
pub fn command(out: &mut Vec<u8>, parts: &[&[u8]]) {
    let payload: usize = parts.iter().map(|part| part.len()).sum();
    out.reserve(payload + (parts.len() + 1) * LONGEST_HEAD);
    head(out, b'*', parts.len());
    for part in parts {
        head(out, b'$', part.len());
        out.extend_from_slice(part);
        out.extend_from_slice(b"\r\n");
    }
}

fn head(out: &mut Vec<u8>, kind: u8, mut length: usize) {
    let mut text = [0; LONGEST_HEAD];
    let mut at = LONGEST_HEAD - 2;
    text[at..].copy_from_slice(b"\r\n");
    loop {
        at -= 1;
        text[at] = b'0' + (length % 10) as u8;
        length /= 10;
        if length == 0 {
            break;
        }
    }
    at -= 1;
    text[at] = kind;
    out.extend_from_slice(&text[at..]);
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn commands_are_appended_as_arrays_of_bulks() {
        let mut out = b"before".to_vec();
        command(&mut out, &[b"SET", b"", b"a\r\nb", &[b'x'; 1234]]);
        let expected = format!("before*4\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\na\r\nb\r\n$1234\r\n{}\r\n", "x".repeat(1234));
        assert_eq!(out, expected.as_bytes());
    }
}
