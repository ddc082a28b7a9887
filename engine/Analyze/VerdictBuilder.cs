using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>Draws the verdict from the findings and says why.</summary>
internal sealed class VerdictBuilder(FeatureSet features)
{
    private const int GoMinorThatAsksForDescriptorFlags = 22;

    private readonly List<(Verdict Verdict, CodeReach Reach, string Text)> _reasons = [];
    private readonly List<string> _cautions = [];

    /// <summary>The worst of all that was added.</summary>
    public Verdict Verdict { get; private set; } = Verdict.Runs;

    /// <summary>Why the verdict is not better: what surely stops the program first. Never empty.</summary>
    public IReadOnlyList<string> Reasons => Verdict == Verdict.Runs
        ? ["No code that may be reached needs anything that the version lacks."]
        :
        [
            .. _reasons.OrderByDescending(reason => reason.Verdict)
                .ThenByDescending(reason => reason.Reach)
                .Select(reason => reason.Text),
        ];

    /// <summary>What does not change the verdict.</summary>
    public IReadOnlyList<string> Cautions => _cautions;

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
    /// The condition, known never to hold here, under which a function executes what the version lacks; null
    /// where none is known.
    /// </param>
    public void AddInstructions(
        IReadOnlyList<InstructionFinding> findings, Func<string, string?> guardOf)
    {
        foreach (InstructionFinding finding in findings.Where(
            finding => finding.Effect is FindingEffect.Misleads or FindingEffect.Panics))
        {
            string place = finding.Places[0].Function;
            if (guardOf(place) is { } guard
                && finding.Functions.Keys.All(function => guardOf(function) == guard))
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
    /// <param name="isGo">Whether it is a Go program, whose runtime copes with calls that do nothing.</param>
    public void AddSyscalls(IReadOnlyList<SyscallFinding> findings, bool isGo)
    {
        List<SyscallFinding> tolerated = [];
        foreach (SyscallFinding finding in findings.Where(
            finding => finding.Effect is FindingEffect.Misleads or FindingEffect.PanicsAsUnknownSyscall))
        {
            (string Function, CodeReach Reach)[] outside =
            [
                .. finding.Functions.Where(place => !isGo || !GoLibrary.IsRuntime(place.Key))
                    .Select(place => (place.Key, place.Value))
                    .OrderByDescending(place => place.Value)
                    .ThenBy(place => place.Key, StringComparer.Ordinal),
            ];
            if (outside.Length == 0)
            {
                tolerated.Add(finding);
                continue;
            }

            bool mayBeTolerated = isGo && finding.Effect == FindingEffect.Misleads;
            AddOutside(
                finding,
                outside[0].Function,
                outside[0].Reach,
                mayBeTolerated ? CommonReason(outside) : null);
        }

        AddTolerated(tolerated);
        AddUnknown(findings.FirstOrDefault(finding => finding.Effect == FindingEffect.NumberUnknown));
    }

    /// <summary>Adds what could not be looked at.</summary>
    public void AddCode(GuestCode code, int syscallCount)
    {
        if (!code.HasFunctionSymbols)
        {
            _cautions.Add(
                "There are no function symbols, so that whole segments were looked at; "
                    + "data among the code may "
                    + "have been taken for instructions.");
        }

        if (syscallCount == SyscallNumbers.SitesMax)
        {
            Worsen(
                Verdict.Unknown,
                $"Only the first {SyscallNumbers.SitesMax} places that make system calls were looked at.");
        }
    }

    /// <summary>Adds jumps into code that nobody has looked at.</summary>
    public void AddStrays(
        GuestCode code, IReadOnlyList<FunctionFacts> facts, Reachability reachability)
    {
        int[] strays =
        [
            .. Enumerable.Range(0, facts.Count).Where(
                number => facts[number].Stray is not null && reachability[number] != CodeReach.NotSeen),
        ];
        if (strays.Length > 0)
        {
            Worsen(
                Verdict.Unknown,
                $"Code outside of all functions is reached from {Places(strays.Length)}, first "
                    + $"0x{facts[strays[0]].Stray:x} from {code.Functions[strays[0]].Name}: "
                    + "it was not looked at.");
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

    private static string? CommonReason((string Function, CodeReach Reach)[] places)
    {
        string? reason = GoLibrary.ReasonToTolerate(places[0].Function);
        return Array.TrueForAll(places, place => GoLibrary.ReasonToTolerate(place.Function) == reason)
            ? reason
            : null;
    }

    private void AddOutside(
        SyscallFinding finding, string function, CodeReach reach, string? reasonToTolerate)
    {
        string name = finding.Name == "unknown" ? $"{finding.Number}" : finding.Name;
        string text = $"The system call {name} in {function}{Seen(reach)}: {finding.Explanation}.";
        if (reasonToTolerate is null)
        {
            AddByReach(reach, text);
        }
        else
        {
            _cautions.Add($"{text} {reasonToTolerate}.");
        }
    }

    private void AddUnknown(SyscallFinding? finding)
    {
        if (finding is null)
        {
            return;
        }

        string text = $"At {Places(finding.Count)}, first in {finding.Places[0].Function}"
            + $"{Seen(finding.Reach)}, the number of the system call is not known before the program runs.";
        if (finding.Reach == CodeReach.NotSeen)
        {
            _cautions.Add(text);
        }
        else
        {
            Worsen(Verdict.Unknown, text, finding.Reach);
        }
    }

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
            Worsen(Verdict.MayPanic, text, reach);
        }
    }

    private void Worsen(Verdict verdict, string reason, CodeReach reach = CodeReach.Direct)
    {
        Verdict = verdict > Verdict ? verdict : Verdict;
        _reasons.Add((verdict, reach, reason));
    }
}
