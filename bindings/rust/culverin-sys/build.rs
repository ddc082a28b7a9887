//! Tells the linker where libculverin.so is: CULVERIN_LIB_DIR, or where ./build.sh publish leaves it.
use std::{env, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=CULVERIN_LIB_DIR");
    let folder = env::var_os("CULVERIN_LIB_DIR").map(PathBuf::from).unwrap_or_else(|| {
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../../artifacts")
    });
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=dylib=culverin");
    println!("cargo:folder={}", folder.display());
}
