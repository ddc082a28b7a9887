using System.Text;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Harness.Values;
using Culverin.Prove;
using Xunit;

namespace Culverin.Harness.Tests.Demo;

/// <summary>The JSON of the demo of single steps is the bytes that programs have read so far.</summary>
public sealed class JsonViewTests
{
    [Fact]
    public void AReportsBytesStay()
    {
        using MemoryStream json = new();
        new JsonView(json).ShowEnd(Report());
        string before = File.ReadAllText(
            Path.Combine(Repository.Folder, "tests", "Harness", "Demo", "steps.json"));
        Assert.Equal(before, Encoding.UTF8.GetString(json.ToArray()));
    }

    private static DemoReport Report()
    {
        Bytes32 end = Bytes32.Keccak256([2]);
        return new DemoReport(
            new GuestRun
            {
                Guest = "guest.elf",
                Steps = 123_456_789_012,
                Pages = 77,
                ExitCode = 1,
                FinalHash = end,
                MachineTime = TimeSpan.FromSeconds(1.25),
                ServerTime = TimeSpan.FromTicks(3),
                RequestCount = 4,
                PreimageReads = [5, 6],
                Output = "says \"<é\u2028😀>\"\n",
            },
            [
                Step(7, new StepOutcome { Revert = RevertReason.Decode(default), GasUsed = null }),
                Step(8, new StepOutcome { PostHash = end, GasUsed = 41_000 }),
            ],
            new Tampering("a load", 7, 9, "InvalidProof()", "wrong <root>", true),
            TimeSpan.FromSeconds(1.0 / 3));
    }

    private static CheckedStep Step(ulong number, StepOutcome outcome) => new(
        new ProvenStep(
            "load",
            "lw $t0, 4($sp)",
            new StepProof
            {
                Step = number,
                PreHash = new byte[Bytes32.SizeBytes],
                PostHash = Bytes32.Keccak256([2]).ToArray(),
                StateData = [],
                ProofData = [],
            }),
        outcome);
}
