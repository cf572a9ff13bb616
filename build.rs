//! Link arguments of a Node addon, only when the `node` feature asks for one.

fn main() {
    #[cfg(feature = "node")]
    napi_build::setup();
}
