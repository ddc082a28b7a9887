//! Lets examples and tests find the library where it was linked from.
fn main() {
    if let Ok(folder) = std::env::var("DEP_CULVERIN_FOLDER") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
