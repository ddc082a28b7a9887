using System.Globalization;
using Culverin.Embed;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Local;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>
/// One variant of a scenario under way: what its body works with, and where it says what must be so. The
/// first expectation that does not hold ends the body. For one thread at a time.
/// </summary>
public sealed class ScenarioRun
{
    private readonly List<string> _violations = [];
    private readonly HashSet<Address> _watched = [];

    internal ScenarioRun(
        ScenarioVariant variant,
        IArena arena,
        NodePackages packages,
        IEngine engine,
        CancellationToken cancellation)
    {
        Variant = variant;
        Arena = arena;
        Packages = packages;
        Engine = engine;
        Cancellation = cancellation;
    }

    /// <summary>Which variant it is.</summary>
    public ScenarioVariant Variant { get; }

    /// <summary>The arena, at its beginning when the body starts. Only this body uses it.</summary>
    public IArena Arena { get; }

    /// <summary>Where compiled contracts are.</summary>
    public NodePackages Packages { get; }

    /// <summary>What runs the fault-proof program.</summary>
    public IEngine Engine { get; }

    /// <summary>Ends the run: at its deadline, or when the whole program is interrupted.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>How many expectations were looked at so far.</summary>
    public int ExpectationCount { get; private set; }

    /// <summary>How it had to end; null until <see cref="ExpectOutcome{T}"/>.</summary>
    public string? Expected { get; private set; }

    /// <summary>How it ended; null until <see cref="ExpectOutcome{T}"/>.</summary>
    public string? Got { get; private set; }

    /// <summary>Steps that the virtual machine has executed for it.</summary>
    public ulong VmSteps { get; private set; }

    /// <summary>The solver's rules that the honest side broke; any makes the scenario fail.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>What is looked at in the ledger when the body is over.</summary>
    internal List<Action<L1Ledger>> LedgerChecks { get; } = [];

    /// <summary>Accounts besides the arena's own that ether may go to.</summary>
    internal IReadOnlyCollection<Address> Watched => _watched;

    /// <summary>Throws <see cref="ExpectationException"/> when the two are not equal.</summary>
    /// <param name="what">What is looked at, as the beginning of a sentence.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="got">What it is.</param>
    public void Expect<T>(string what, T expected, T got)
    {
        ExpectationCount++;
        if (!EqualityComparer<T>.Default.Equals(expected, got))
        {
            throw new ExpectationException(what, TextOf(expected), TextOf(got));
        }
    }

    /// <summary>The same for how the scenario as a whole ends, which its report names.</summary>
    public void ExpectOutcome<T>(T expected, T got)
    {
        Expected = TextOf(expected);
        Got = TextOf(got);
        Expect("The outcome", expected, got);
    }

    /// <summary>
    /// Expects that a contract refuses something, and returns its reason. What was not refused throws <see
    /// cref="ExpectationException"/>, and so does a reason without the given words.
    /// </summary>
    /// <param name="what">What is tried, as the beginning of a sentence.</param>
    /// <param name="attempt">Tries it.</param>
    /// <param name="words">The error's name or part of its text; null takes any.</param>
    public async Task<RevertReason> ExpectRevertAsync(
        string what, Func<Task> attempt, string? words = null)
    {
        ExpectationCount++;
        try
        {
            await attempt().ConfigureAwait(false);
        }
        catch (RevertedException error)
        {
            string reason = error.Reason.ToString();
            return words is null || reason.Contains(words, StringComparison.Ordinal)
                ? error.Reason
                : throw new ExpectationException(what, $"a revert with {words}", reason);
        }

        throw new ExpectationException(what, "a revert", "success");
    }

    /// <summary>Notes a rule that the honest side broke.</summary>
    public void AddViolation(string rule) => _violations.Add(rule);

    /// <summary>Counts steps of the virtual machine, wherever they were executed.</summary>
    public void AddVmSteps(ulong count) => VmSteps += count;

    /// <summary>
    /// Names an account that is not the arena's and that gets or pays ether on L1: at the end all ether is
    /// accounted for.
    /// </summary>
    public void Watch(Address account) => _watched.Add(account);

    /// <summary>
    /// Names what must be so when the body is over and all of L1's blocks have been counted.
    /// </summary>
    public void ExpectOfLedger(Action<L1Ledger> check) => LedgerChecks.Add(check);

    private static string TextOf<T>(T value) => value switch
    {
        null => "nothing",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
