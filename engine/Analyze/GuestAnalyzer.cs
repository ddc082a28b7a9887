using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
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
public static class GuestAnalyzer
{
    private const int WordSizeBytes = 4;

    /// <summary>
    /// Go functions that issue system calls for the runtime, which copes with answers of 0.
    /// </summary>
    private const string GoRuntimePrefix = "runtime.";

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

        var code = new GuestCode(elf);
        var decoder = new Decoder(features);
        var scan = new FunctionScan(code, decoder, features.WordBits);
        var reachability = new Reachability(code, scan, elf.EntryPoint);
        bool IsSkipped(CodeFunction function) =>
            !features.HasThreads && GoPatches.IsPatched(function.Name);
        List<InstructionFinding> instructions =
            new InstructionSearch(code, reachability, decoder).Search(IsSkipped);
        List<SyscallFinding> syscalls =
            new SyscallSearch(code, reachability, features).Search(scan.Syscalls, IsSkipped);
        var judgement = new Judgement(features);
        judgement.AddEntryPoint(FirstRefused(elf, code, decoder, features), HasEntryPoint(elf));
        judgement.AddGoVersion(goVersion);
        judgement.AddInstructions(
            instructions, function => goVersion is null ? null : GoProgram.GuardOf(elf, function));
        judgement.AddSyscalls(syscalls, goVersion is null ? null : GoRuntimePrefix);
        judgement.AddCode(code, scan);
        return new AnalysisReport
        {
            Version = features.Version,
            Verdict = judgement.Verdict,
            Reasons = judgement.Reasons,
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
        var step = new TracedStep(features.WordBits);
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
