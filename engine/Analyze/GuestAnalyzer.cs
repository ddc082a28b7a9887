using System.Buffers.Binary;
using Culverin.Analyze.Values;
using Culverin.Guest;
using Culverin.Isa;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>
/// Reads a program's code without running it and says what a state version will make of it: which
/// instructions it lacks, which system calls do nothing, whether the Go runtime inside is one that it can
/// carry.
/// </summary>
/// <remarks>
/// Time and memory are proportional to the file. What it cannot know is listed in
/// <see cref="AnalysisReport.Limits"/>. Thread-safe: it keeps nothing between calls.
/// </remarks>
internal static class GuestAnalyzer
{
    private const int WordSizeBytes = 4;

    /// <summary>The oldest version in which nothing is in a program's way.</summary>
    /// <returns>
    /// The report of the oldest version whose verdict is <see cref="Verdict.Runs"/>; null if there is none.
    /// </returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.LimitExceeded"/>: too many functions.
    /// </exception>
    public static AnalysisReport? OldestVersion(ElfFile elf) => FeatureSet.All
        .Where(features => features.WordBits == (elf.Is64 ? 64 : 32))
        .OrderBy(features => features.Version)
        .Select(features => Analyze(elf, features))
        .FirstOrDefault(report => report.Verdict == Verdict.Runs);

    /// <summary>Looks at a program.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.LimitExceeded"/>: too many functions.
    /// </exception>
    public static AnalysisReport Analyze(ElfFile elf, FeatureSet features)
    {
        string? goVersion = GoProgram.VersionOf(elf);
        if (RefusalOfLoader(elf, features) is { } refusal)
        {
            return new AnalysisReport
            {
                Version = features.Version,
                Verdict = Verdict.CannotRun,
                Reasons = [refusal],
                GoVersion = goVersion,
            };
        }

        bool isGo = goVersion is not null;
        var reading = new GuestReading(elf, features, isGo);
        GuestCode code = reading.Code;
        bool IsSkipped(CodeFunction function) =>
            !features.HasThreads && GoPatches.IsPatched(function.Name);
        List<InstructionFinding> instructions =
            new InstructionSearch(code, reading.Reachability, reading.Decoder).Search(IsSkipped);
        List<SyscallFinding> syscalls =
            new SyscallSearch(code, reading.Reachability, features).Search(reading.Sites, IsSkipped);
        var verdict = new VerdictBuilder(features);
        verdict.AddEntryPoint(FirstRefused(elf, code, reading.Decoder, features), HasEntryPoint(elf));
        verdict.AddGoVersion(goVersion);
        verdict.AddInstructions(
            instructions, function => goVersion is null ? null : GoProgram.GuardOf(elf, function));
        verdict.AddSyscalls(syscalls, isGo);
        verdict.AddCode(code, reading.Sites.Count);
        verdict.AddStrays(code, reading.Facts, reading.Reachability);
        return new AnalysisReport
        {
            Version = features.Version,
            Verdict = verdict.Verdict,
            Reasons = verdict.Reasons,
            Cautions = verdict.Cautions,
            GoVersion = goVersion,
            FunctionCount = code.HasFunctionSymbols ? code.Functions.Count : 0,
            InstructionCount = code.Functions.Sum(function => (long)function.Words),
            Instructions =
            [
                .. instructions.OrderByDescending(finding => finding.Effect)
                    .ThenByDescending(finding => finding.Reach)
                    .ThenBy(finding => finding.Name, StringComparer.Ordinal),
            ],
            Syscalls =
            [
                .. syscalls.OrderByDescending(finding => finding.Effect)
                    .ThenBy(finding => finding.Number)
                    .ThenBy(finding => finding.Name, StringComparer.Ordinal),
            ],
        };
    }

    // Only the loader itself knows what it takes, so it is asked.
    private static string? RefusalOfLoader(ElfFile elf, FeatureSet features)
    {
        if (Loader.RefusalOf(elf) is null && elf.Is64 != (features.WordBits == 64))
        {
            int bits = elf.Is64 ? 64 : 32;
            return $"It is a {bits}-bit program; the version has {features.WordBits}-bit words.";
        }

        try
        {
            using MachineImage image = Loader.Load(elf, features.Version);
            return null;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.InvalidElf)
        {
            return error.Message;
        }
    }

    private static bool HasEntryPoint(ElfFile elf) => elf.Segments.Any(
        segment => segment.Type == ElfSegment.LoadType
            && elf.EntryPoint % WordSizeBytes == 0
            && unchecked(elf.EntryPoint - segment.VirtualAddress) < segment.MemorySizeBytes);

    // From the entry point to the first jump or branch every instruction is certainly executed.
    private static CodePlace? FirstRefused(
        ElfFile elf, GuestCode code, Decoder decoder, FeatureSet features)
    {
        int number = code.Around(elf.EntryPoint);
        if (number < 0)
        {
            return null;
        }

        CodeFunction function = code.Functions[number];
        ReadOnlySpan<byte> bytes = code.BytesOf(function);
        var step = new AbstractStep(features.WordBits);
        int at = (int)(elf.EntryPoint - function.Start);
        for (; at + WordSizeBytes <= bytes.Length; at += WordSizeBytes)
        {
            uint bits = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            ulong pc = function.Start + (ulong)at;
            if (!decoder.Has(bits))
            {
                return new CodePlace(pc, function.Name, CodeReach.Direct);
            }

            step.Run(pc, decoder.Decode(bits));
            if (step.MayBranch || step.IsSyscall)
            {
                return null;
            }
        }

        return null;
    }
}
