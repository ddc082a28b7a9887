//! What a trace answers, and how errors and callbacks behave:
//!
//!     trace PROGRAM.elf STATE_VERSION FOLDER PREIMAGES STEP...
use culverin::{Cancel, End, Limits, Machine, Options, Proof, Result, Trace};
use std::path::PathBuf;
use std::sync::{
    atomic::{AtomicUsize, Ordering},
    Arc,
};
use std::time::Duration;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let version = words[1].parse().expect("a state version");
    let steps: Vec<u64> = words[4..].iter().map(|word| word.parse().expect("a step")).collect();
    let values = PathBuf::from(&words[3]);
    let hints = Arc::new(AtomicUsize::new(0));
    let count = hints.clone();
    let options = Options {
        preimage: Some(Box::new(move |key| std::fs::read(values.join(hex(key))).ok())),
        hint: Some(Box::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        })),
        ..Default::default()
    };
    let mut first = Machine::load_elf(&words[0], version, Options::default())?;
    let mut trace = Trace::open(&words[2], Some(&mut first), options)?;
    trace.build(None)?;
    println!("prestate {}", hex(&trace.prestate_hash()?));
    for (step, hash) in steps.iter().zip(trace.hashes_at(&steps, None)?) {
        assert_eq!(hash, trace.hash_at(*step, None)?);
        println!("{step} {}", hex(&hash));
    }
    let end = trace.end(None)?;
    assert_eq!(end.state_hash, trace.claim_at(u64::MAX, None)?);
    println!("final {} {} {}", end.step, end.exit_code, hex(&end.state_hash));
    let proof = trace.proof_at(steps[steps.len() - 1], None)?;
    proof.verify(version)?;
    assert_eq!(proof.proof_data()?, Proof::parse(&proof.json()?)?.proof_data()?);
    print!("{}", String::from_utf8_lossy(&proof.json()?));
    assert!(hints.load(Ordering::Relaxed) > 0, "no hint came");
    behave(&words[0], version, &words[3])
}

fn behave(program: &str, version: u32, preimages: &str) -> Result<()> {
    assert_eq!(3, Machine::load_elf_bytes(b"no program", version, Options::default()).err().unwrap().code);
    let panicking = Options { preimage: Some(Box::new(|_| panic!("on purpose"))), ..Default::default() };
    let mut machine = Machine::load_elf(program, version, panicking)?;
    std::panic::set_hook(Box::new(|_| ()));
    let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| machine.run(Limits::default())));
    assert!(run.is_err(), "a panic was lost");
    let _ = std::panic::take_hook();

    let options = Options { folder: Some(preimages.into()), ..Default::default() };
    let mut machine = Machine::load_elf(program, version, options)?;
    let cancel = Cancel::new()?;
    cancel.request()?;
    let limits = Limits { cancel: Some(&cancel), ..Default::default() };
    assert_eq!(12, machine.run(limits).err().unwrap().code);
    let limits = Limits { stop_after_preimage: true, ..Default::default() };
    assert_eq!(End::PreimageRead, machine.run(limits)?);
    assert!(machine.describe()?.last_preimage.is_some());
    let limits = Limits { timeout: Some(Duration::from_secs(60)), ..Default::default() };
    let end = std::thread::spawn(move || machine.run(limits)).join().expect("no panic")?;
    assert_eq!(End::Exited, end);
    culverin::selftest()
}
