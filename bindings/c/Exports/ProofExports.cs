using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Culverin.Abi.Types;
using Culverin.Embed;
using Culverin.Files;
using Culverin.Prove;

namespace Culverin.Abi.Exports;

// SAFETY: pointers come from C; Boundary and Arguments refuse null and look handles up, and the rest is the
// header's contract.

/// <summary>Proofs and programs</summary>
internal static unsafe class ProofExports
{
    /// <summary>Every version: what culverin_analyze takes to look at all of them.</summary>
    private const uint AllVersions = uint.MaxValue;

    /// <summary>
    /// Reads a proof file; it is only known to be well-formed. The caller frees the proof.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_load", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Load(ProofHandle** proof, [Const] sbyte* path) =>
        Boundary.Create(
            (void**)proof, () => new ProofObject(ProofFile.Read(Arguments.Text(path, nameof(path)))));

    /// <summary>Reads a proof from the bytes of its file. The caller frees the proof.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_parse", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Parse(ProofHandle** proof, [Const] byte* json, nuint jsonSize) =>
        Boundary.Create(
            (void**)proof,
            () => new ProofObject(ProofFile.Read(Arguments.Bytes(json, jsonSize, nameof(json)))));

    /// <summary>Step, hashes and pre-image key of a proof.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_describe", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Describe([Const] ProofHandle* proof, ProofSummary* summary) =>
        Boundary.Use<ProofObject>(proof, target =>
        {
            StepProof known = target.Proof;
            var value = new ProofSummary
            {
                Step = known.Step,
                PreimageOffset = known.Oracle?.Offset ?? 0,
                HasPreimage = known.Oracle is null ? 0 : 1u,
            };
            known.PreHash.CopyTo(new Span<byte>(value.PreHash, Arguments.HashSizeBytes));
            known.PostHash.CopyTo(new Span<byte>(value.PostHash, Arguments.HashSizeBytes));
            known.Oracle?.Key.CopyTo(new Span<byte>(value.PreimageKey, Arguments.HashSizeBytes));
            Arguments.Return(summary, value, nameof(summary));
            return Status.Ok;
        });

    /// <summary>
    /// A part of a proof, CULVERIN_PART_*, copied. CULVERIN_PART_JSON is the file as the reference writes it.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_part", CallConvs = [typeof(CallConvCdecl)])]
    public static Status PartOf(
        [Const] ProofHandle* proof, byte* bytes, nuint bytesSize, nuint* bytesLength, int part) =>
        Boundary.Use<ProofObject>(proof, target => Arguments.Return(
            bytes,
            bytesSize,
            bytesLength,
            (Part)part switch
            {
                Part.StateData => target.Proof.StateData,
                Part.ProofData => target.Proof.ProofData,
                Part.Preimage => target.Proof.Oracle?.Value ?? [],
                Part.Json => target.Json,
                _ => throw new CulverinException(
                    ErrorCode.InvalidArgument, $"A proof has no part {part}."),
            }));

    /// <summary>Writes a proof file; a name that ends with ".gz" is compressed.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_save", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Save([Const] ProofHandle* proof, [Const] sbyte* path) =>
        Boundary.Use<ProofObject>(proof, target =>
        {
            ProofFile.Write(Arguments.Text(path, nameof(path)), target.Proof);
            return Status.Ok;
        });

    /// <summary>
    /// Checks a proof as the contract does, from the proof alone, by the rules of a state version.
    /// CULVERIN_OK only if hashes, step and execution all fit; else CULVERIN_E_PROOF_REJECTED,
    /// CULVERIN_E_INVALID_PROOF or CULVERIN_E_GUEST_PANIC.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_verify", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Verify([Const] ProofHandle* proof, uint stateVersion) =>
        Boundary.Use<ProofObject>(proof, target =>
        {
            ManagedEngine.Instance.Verify(Settings.VersionOf(stateVersion), target.Proof);
            return Status.Ok;
        });

    /// <summary>Frees a proof. Null is nothing to do.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_proof_free", CallConvs = [typeof(CallConvCdecl)])]
    public static Status Free(ProofHandle* proof) => Boundary.Free<ProofObject>(proof);

    /// <summary>
    /// Reads a program (the bytes of an ELF file) without running it and says what a state version makes of
    /// it; UINT32_MAX looks at all of them. The caller frees the analysis.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_analyze_elf", CallConvs = [typeof(CallConvCdecl)])]
    public static Status AnalyzeElf(
        AnalysisHandle** analysis, [Const] byte* elf, nuint elfSize, uint stateVersion) =>
        Boundary.Create((void**)analysis, () => new AnalysisObject(ManagedEngine.Instance.Analyze(
            Arguments.Bytes(elf, elfSize, nameof(elf)),
            stateVersion == AllVersions ? null : Settings.VersionOf(stateVersion))));

    /// <summary>
    /// The report as one JSON object: the fields of `culverin analyze --json` from oldestVersion on.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_analysis_json", CallConvs = [typeof(CallConvCdecl)])]
    public static Status AnalysisJson(
        [Const] AnalysisHandle* analysis, byte* json, nuint jsonSize, nuint* jsonLength) =>
        Boundary.Use<AnalysisObject>(analysis, target =>
            Arguments.Return(json, jsonSize, jsonLength, Encoding.UTF8.GetBytes(target.Json)));

    /// <summary>Frees an analysis. Null is nothing to do.</summary>
    [UnmanagedCallersOnly(EntryPoint = "culverin_analysis_free", CallConvs = [typeof(CallConvCdecl)])]
    public static Status AnalysisFree(AnalysisHandle* analysis) => Boundary.Free<AnalysisObject>(analysis);
}
