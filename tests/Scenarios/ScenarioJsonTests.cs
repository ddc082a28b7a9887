using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>A scenario's lines are the bytes that programs have read so far.</summary>
public sealed class ScenarioJsonTests
{
    private static readonly Scenario Sample = new()
    {
        Id = "T2",
        Title = "Says \"<é😀>\"",
        Proves = "Nothing.",
        Body = _ => Task.CompletedTask,
        Options = _ => new ArenaOptions { Machine = ArenaMachine.Alphabet },
    };

    private static readonly ScenarioVariant Variant = new("case", DepthParity.Odd, HonestSide.Proposer);

    [Fact]
    public void BytesStay() => Assert.Equal<string>(
        File.ReadAllLines(Path.Combine(Repository.Folder, "tests", "Scenarios", "scenarios.jsonl")),
        [
            ScenarioJson.Line(Sample, Variant),
            ScenarioJson.Line(Result()),
            ScenarioJson.Line(Result() with { Ledger = null, Failure = null, Violations = [] }),
        ]);

    private static ScenarioResult Result()
    {
        Dictionary<Address, BigInteger> none = [];
        return new ScenarioResult
        {
            Scenario = Sample,
            Variant = Variant,
            Arena = "classic",
            Expected = "one",
            Got = "another",
            Failure = "It \"failed\".",
            ExpectationCount = 3,
            Violations = ["rule-a", "rule-b"],
            Ledger = new L1Ledger
            {
                TransactionCount = 12,
                Gas = 9_876_543,
                Fees = none,
                Paid = new Dictionary<Address, BigInteger> { [default] = BigInteger.Pow(10, 30) + 1 },
                Received = new Dictionary<Address, BigInteger> { [default] = 5 },
                Held = -4,
                Gains = none,
            },
            VmSteps = ulong.MaxValue,
            Elapsed = TimeSpan.FromMilliseconds(1234.9),
        };
    }
}
