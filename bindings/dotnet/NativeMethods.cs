using System.Runtime.InteropServices;
using Culverin.Abi.Types;

namespace Culverin.Native;

// SAFETY: declarations only; each caller says why its pointers are valid.

/// <summary>The functions of culverin.h, written from its exports; do not edit.</summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>The library's name without the platform's prefix and suffix.</summary>
    public const string Library = "culverin";

    /// <summary>culverin_abi_version.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_abi_version")]
    public static partial Status AbiVersion(uint* major, uint* minor);

    /// <summary>culverin_version.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_version")]
    public static partial Status Version(sbyte* text, nuint textSize, nuint* textLength);

    /// <summary>culverin_selftest.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_selftest")]
    public static partial Status Selftest();

    /// <summary>culverin_message.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_message")]
    public static partial Status Message(void* handle, sbyte* text, nuint textSize, nuint* textLength);

    /// <summary>culverin_state_version.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_state_version")]
    public static partial Status StateVersion(VersionInfo* info, nuint index);

    /// <summary>culverin_prestate_hash.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_prestate_hash")]
    public static partial Status PrestateHash(byte* hash, sbyte* path);

    /// <summary>culverin_cancel_create.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_cancel_create")]
    public static partial Status CancelCreate(CancelHandle** cancel);

    /// <summary>culverin_cancel_request.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_cancel_request")]
    public static partial Status CancelRequest(CancelHandle* cancel);

    /// <summary>culverin_cancel_free.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_cancel_free")]
    public static partial Status CancelFree(CancelHandle* cancel);

    /// <summary>culverin_machine_load_state.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_load_state")]
    public static partial Status MachineLoadState(MachineHandle** machine, sbyte* path, Options* options);

    /// <summary>culverin_machine_load_state_memory.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_load_state_memory")]
    public static partial Status MachineLoadStateMemory(
        MachineHandle** machine,
        byte* content,
        nuint contentSize,
        Options* options);

    /// <summary>culverin_machine_load_elf.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_load_elf")]
    public static partial Status MachineLoadElf(
        MachineHandle** machine,
        sbyte* path,
        uint stateVersion,
        Options* options);

    /// <summary>culverin_machine_load_elf_memory.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_load_elf_memory")]
    public static partial Status MachineLoadElfMemory(
        MachineHandle** machine,
        byte* content,
        nuint contentSize,
        uint stateVersion,
        Options* options);

    /// <summary>culverin_machine_free.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_free")]
    public static partial Status MachineFree(MachineHandle* machine);

    /// <summary>culverin_machine_run.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_run")]
    public static partial Status MachineRun(MachineHandle* machine, int* end, Limits* limits);

    /// <summary>culverin_machine_hashes.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_hashes")]
    public static partial Status MachineHashes(
        MachineHandle* machine,
        byte* hashes,
        nuint* done,
        ulong* steps,
        nuint count,
        CancelHandle* cancel);

    /// <summary>culverin_machine_describe.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_describe")]
    public static partial Status MachineDescribe(MachineHandle* machine, MachineSummary* summary);

    /// <summary>culverin_machine_step.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_step")]
    public static partial Status MachineStep(MachineHandle* machine, ulong* step);

    /// <summary>culverin_machine_hash.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_hash")]
    public static partial Status MachineHash(MachineHandle* machine, byte* hash);

    /// <summary>culverin_machine_witness.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_witness")]
    public static partial Status MachineWitness(
        MachineHandle* machine,
        byte* witness,
        nuint witnessSize,
        nuint* witnessLength);

    /// <summary>culverin_machine_prove.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_prove")]
    public static partial Status MachineProve(MachineHandle* machine, ProofHandle** proof);

    /// <summary>culverin_machine_save.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_save")]
    public static partial Status MachineSave(MachineHandle* machine, sbyte* path);

    /// <summary>culverin_machine_finish_preimages.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_machine_finish_preimages")]
    public static partial Status MachineFinishPreimages(MachineHandle* machine);

    /// <summary>culverin_proof_load.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_load")]
    public static partial Status ProofLoad(ProofHandle** proof, sbyte* path);

    /// <summary>culverin_proof_parse.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_parse")]
    public static partial Status ProofParse(ProofHandle** proof, byte* json, nuint jsonSize);

    /// <summary>culverin_proof_describe.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_describe")]
    public static partial Status ProofDescribe(ProofHandle* proof, ProofSummary* summary);

    /// <summary>culverin_proof_part.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_part")]
    public static partial Status ProofPart(
        ProofHandle* proof,
        byte* bytes,
        nuint bytesSize,
        nuint* bytesLength,
        int part);

    /// <summary>culverin_proof_save.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_save")]
    public static partial Status ProofSave(ProofHandle* proof, sbyte* path);

    /// <summary>culverin_proof_verify.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_verify")]
    public static partial Status ProofVerify(ProofHandle* proof, uint stateVersion);

    /// <summary>culverin_proof_free.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_proof_free")]
    public static partial Status ProofFree(ProofHandle* proof);

    /// <summary>culverin_analyze_elf.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_analyze_elf")]
    public static partial Status AnalyzeElf(
        AnalysisHandle** analysis,
        byte* elf,
        nuint elfSize,
        uint stateVersion);

    /// <summary>culverin_analysis_json.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_analysis_json")]
    public static partial Status AnalysisJson(
        AnalysisHandle* analysis,
        byte* json,
        nuint jsonSize,
        nuint* jsonLength);

    /// <summary>culverin_analysis_free.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_analysis_free")]
    public static partial Status AnalysisFree(AnalysisHandle* analysis);

    /// <summary>culverin_trace_open.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_open")]
    public static partial Status TraceOpen(
        TraceHandle** trace,
        sbyte* folder,
        MachineHandle* first,
        Options* options,
        TraceOptions* traceOptions);

    /// <summary>culverin_trace_free.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_free")]
    public static partial Status TraceFree(TraceHandle* trace);

    /// <summary>culverin_trace_build.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_build")]
    public static partial Status TraceBuild(TraceHandle* trace, Limits* limits);

    /// <summary>culverin_trace_hash.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_hash")]
    public static partial Status TraceHash(TraceHandle* trace, byte* hash, ulong step, CancelHandle* cancel);

    /// <summary>culverin_trace_hashes.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_hashes")]
    public static partial Status TraceHashes(
        TraceHandle* trace,
        byte* hashes,
        ulong* steps,
        nuint count,
        CancelHandle* cancel);

    /// <summary>culverin_trace_claim.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_claim")]
    public static partial Status TraceClaim(
        TraceHandle* trace,
        byte* hash,
        ulong traceIndex,
        CancelHandle* cancel);

    /// <summary>culverin_trace_prestate_hash.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_prestate_hash")]
    public static partial Status TracePrestateHash(TraceHandle* trace, byte* hash);

    /// <summary>culverin_trace_proof.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_proof")]
    public static partial Status TraceProof(
        TraceHandle* trace,
        ProofHandle** proof,
        ulong step,
        CancelHandle* cancel);

    /// <summary>culverin_trace_final.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_final")]
    public static partial Status TraceFinal(TraceHandle* trace, TraceEnd* end, CancelHandle* cancel);

    /// <summary>culverin_trace_final_witness.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_final_witness")]
    public static partial Status TraceFinalWitness(
        TraceHandle* trace,
        byte* witness,
        nuint witnessSize,
        nuint* witnessLength,
        CancelHandle* cancel);

    /// <summary>culverin_trace_describe.</summary>
    [LibraryImport(Library, EntryPoint = "culverin_trace_describe")]
    public static partial Status TraceDescribe(TraceHandle* trace, TraceSummary* summary);
}
