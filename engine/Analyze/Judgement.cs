using System;
using System.Collections.Generic;
using System.Linq;
using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>Draws the verdict from the findings and says why.</summary>
internal sealed class Judgement(FeatureSet features)
{
    private const int GoMinorThatAsksForDescriptorFlags = 22;

    private readonly List<string> _reasons = [];
    private readonly List<string> _cautions = [];

    /// <summary>The worst of all that was added.</summary>
    public Verdict Verdict { get; private set; } = Verdict.Runs;

    /// <summary>Reasons first, then cautions that do not change the verdict.</summary>
    public IReadOnlyList<string> Reasons =>
    [
        .. _reasons,
        .. Verdict == Verdict.Runs
            ? (string[])["No code that may be reached needs anything that the version lacks."]
            : [],
        .. _cautions,
    ];

    private string Version => $"State version {(byte)features.Version} ({features.Name})";

    /// <summary>Adds what happens before anything else.</summary>
    /// <param name="refused">The first instruction that is refused before any branch; null for none.</param>
    /// <param name="isLoaded">Whether the entry point is an aligned address that is loaded.</param>
    public void AddEntryPoint(CodePlace? refused, bool isLoaded)
    {
        if (!isLoaded)
        {
            Worsen(Verdict.CannotRun, "The entry point is not the address of an instruction that is loaded.");
        }
        else if (refused is not null)
        {
            Worsen(
                Verdict.CannotRun,
                $"The program panics at 0x{refused.Address:x} ({refused.Function}), "
                    + "before its first branch.");
        }
    }

    /// <summary>Adds what is known of the Go release.</summary>
    public void AddGoVersion(string? goVersion)
    {
        if (goVersion is null)
        {
            return;
        }

        if (GoProgram.MinorOf(goVersion) is not { } minor)
        {
            _cautions.Add($"The Go version \"{goVersion}\" is not a release, so that "
                + "nothing is known of it.");
        }
        else if (minor >= GoMinorThatAsksForDescriptorFlags && !features.HasFcntlGetFd)
        {
            Worsen(
                Verdict.CannotRun,
                $"It was built by {goVersion}: from Go 1.{GoMinorThatAsksForDescriptorFlags} "
                    + "on the runtime asks for "
                    + $"fcntl(F_GETFD) when it starts; {Version} answers EINVAL and "
                    + "the program exits with code 2. "
                    + $"Go 1.{features.GoMinorMax} and older run.");
        }
        else if (minor > features.GoMinorMax)
        {
            Worsen(
                Verdict.MayPanic,
                $"It was built by {goVersion}; {Version} is known to run Go 1.{features.GoMinorMax} "
                    + "and older.");
        }
    }

    /// <summary>Adds instructions.</summary>
    /// <param name="findings">All of them.</param>
    /// <param name="guardOf">
    /// The condition of odd instructions in a function that is known never to hold; null where none is known.
    /// </param>
    public void AddInstructions(
        IReadOnlyList<InstructionFinding> findings, Func<string, string?> guardOf)
    {
        foreach (InstructionFinding finding in findings.Where(
            finding => finding.Effect is FindingEffect.Misleads or FindingEffect.Panics))
        {
            string place = finding.Places[0].Function;
            if (guardOf(place) is { } guard && finding.Functions.All(function => guardOf(function) == guard))
            {
                _cautions.Add(
                    $"The instruction {finding.Name} in {place} would panic, but the Go runtime executes it "
                        + $"only {guard}.");
                continue;
            }

            string what = finding.Effect == FindingEffect.Panics ? "lacks" : "runs differently";
            string text = $"{Version} {what} the instruction {finding.Name}, which stands in the code "
                + $"{Times(finding.Count)}, first in {finding.Places[0].Function}{Seen(finding.Reach)}.";
            AddByReach(finding.Reach, text);
        }

        InstructionFinding[] aborts = [.. findings.Where(finding => finding.Effect == FindingEffect.Aborts)];
        if (aborts.Length > 0)
        {
            _cautions.Add(
                $"{aborts.Sum(finding => finding.Count)} deliberate aborts "
                    + $"({string.Join(", ", aborts.Select(finding => finding.Name))}) "
                    + "would end the program by a "
                    + "signal on hardware and are a panic here; a program that works does not reach them.");
        }
    }

    /// <summary>Adds system calls.</summary>
    /// <param name="findings">All of them.</param>
    /// <param name="toleratedPrefix">
    /// Functions of this prefix are a runtime that is known to cope with calls that do nothing; null for
    /// none.
    /// </param>
    public void AddSyscalls(IReadOnlyList<SyscallFinding> findings, string? toleratedPrefix)
    {
        List<SyscallFinding> tolerated = [];
        foreach (SyscallFinding finding in findings.Where(
            finding => finding.Effect is FindingEffect.Misleads or FindingEffect.PanicsAsUnknownSyscall))
        {
            CodePlace? outside = finding.Places.FirstOrDefault(
                place => toleratedPrefix is null
                    || !place.Function.StartsWith(toleratedPrefix, StringComparison.Ordinal));
            if (outside is null)
            {
                tolerated.Add(finding);
                continue;
            }

            string name = finding.Name == "unknown" ? $"{finding.Number}" : finding.Name;
            AddByReach(
                outside.Reach,
                $"The system call {name} in {outside.Function}{Seen(outside.Reach)}: "
                    + $"{finding.Explanation}.");
        }

        AddTolerated(tolerated);
        int unknown = findings.Where(finding => finding.Effect == FindingEffect.NumberUnknown)
            .Sum(finding => finding.Count);
        if (unknown > 0)
        {
            _cautions.Add($"At {Places(unknown)} the number of the system call is not known statically.");
        }
    }

    /// <summary>Adds what could not be looked at.</summary>
    public void AddCode(GuestCode code, FunctionScan scan)
    {
        if (!code.HasFunctionSymbols)
        {
            _cautions.Add(
                "There are no function symbols, so that whole segments were looked at; "
                    + "data among the code may "
                    + "have been taken for instructions.");
        }

        if (scan.Syscalls.Count == FunctionScan.SyscallSitesMax)
        {
            _cautions.Add($"Only the first {FunctionScan.SyscallSitesMax} system calls were looked at.");
        }
    }

    private static string NamesOf(List<SyscallFinding> findings, FindingEffect effect) => string.Join(
        ", ", findings.Where(finding => finding.Effect == effect).Select(finding => finding.Name));

    private static string Seen(CodeReach reach) => reach switch
    {
        CodeReach.Direct => "",
        CodeReach.Indirect => " (reached through a function pointer, if at all)",
        _ => " (nothing found leads there)",
    };

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Places(int count) => count == 1 ? "one place" : $"{count} places";

    private void AddTolerated(List<SyscallFinding> tolerated)
    {
        string idle = NamesOf(tolerated, FindingEffect.Misleads);
        if (idle.Length > 0)
        {
            string what = features.HasThreads
                ? "it copes with that as far as is known."
                : "there is one thread, time stands still, and a program whose only goroutine waits never "
                    + "goes on.";
            _cautions.Add($"The Go runtime makes calls that do nothing here ({idle}): {what}");
        }

        string panicking = NamesOf(tolerated, FindingEffect.PanicsAsUnknownSyscall);
        if (panicking.Length > 0)
        {
            _cautions.Add(
                $"The Go runtime holds calls that would panic ({panicking}); it is not known to make them "
                    + "except to end itself by a signal.");
        }
    }

    private void AddByReach(CodeReach reach, string text)
    {
        if (reach == CodeReach.NotSeen)
        {
            _cautions.Add(text);
        }
        else
        {
            Worsen(Verdict.MayPanic, text);
        }
    }

    private void Worsen(Verdict verdict, string reason)
    {
        Verdict = verdict > Verdict ? verdict : Verdict;
        _reasons.Add(reason);
    }
}
