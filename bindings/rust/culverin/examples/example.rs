//! Runs a program to its end, prints its root and the proof of one step:
//!
//!     example PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]
use culverin::{Limits, Machine, Options, Result};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(words: &[String]) -> Result<()> {
    let version = words[1].parse().expect("a state version");
    let step = words[2].parse().expect("a step");
    let source = words.get(3).cloned();
    let is_recording = matches!(&source, Some(name) if name.ends_with(".record"));
    let (replay, folder) = if is_recording { (source, None) } else { (None, source) };
    let options = Options { folder, replay, record: words.get(4).cloned(), ..Default::default() };
    let mut machine = Machine::load_elf(&words[0], version, options)?;
    machine.run(Limits { until_step: Some(step), ..Default::default() })?;
    let proof = machine.prove()?;
    proof.verify(version)?;
    machine.run(Limits::default())?;
    println!("root 0x{}", hex(&machine.state_hash()?));
    println!("pre  0x{}", hex(&proof.pre_hash()?));
    println!("post 0x{}", hex(&proof.post_hash()?));
    print!("{}", String::from_utf8_lossy(&proof.json()?));
    machine.finish_preimages()
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.len() < 3 {
        eprintln!("usage: example PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]");
        std::process::exit(2);
    }
    if let Err(error) = run(&words) {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
