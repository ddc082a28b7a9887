using System.Text.Json;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`diff` of two traces; plain runs are the judge of where they part.</summary>
public sealed class DiffTests
{
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void TheStepThatReadsAnotherPreimageIsFound(StateVersion version)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, "preimage");
        Directory.CreateDirectory(workshop.File("changed"));
        foreach (string path in Directory.GetFiles(vector.OracleFolder!))
        {
            File.Copy(path, workshop.File("changed", Path.GetFileName(path)));
        }

        // The last byte of the largest pre-image.
        string largest =
            Directory.GetFiles(workshop.File("changed")).MaxBy(path => new FileInfo(path).Length)!;
        byte[] content = File.ReadAllBytes(largest);
        content[^1] ^= 1;
        File.WriteAllBytes(largest, content);
        Build(workshop, "one", vector.OracleFolder!);
        Build(workshop, "same", vector.OracleFolder!);
        Build(workshop, "other", workshop.File("changed"));

        workshop.Run("diff", "--dir", "one", "--other", "same").Expect(0);
        CulverinResult result = workshop.Run(
            "diff", "--dir", "one", "--other", "other", "--symbols", "guest.elf", "--json").Expect(7);
        JsonElement[] reports = [.. result.Reports];
        Assert.Equal(3, reports.Length);
        ulong last = reports[0].GetProperty("lastEqualStep").GetUInt64();
        Assert.Equal(last + 1, reports[0].GetProperty("firstUnequalStep").GetUInt64());
        using Machine machine = Machine.Create(
            Guest.Loader.Load(vector.Elf(), version),
            new MachineOptions { Oracle = new DirectoryOracle(vector.OracleFolder!) });
        using Machine changed = Machine.Create(
            Guest.Loader.Load(vector.Elf(), version),
            new MachineOptions { Oracle = new DirectoryOracle(workshop.File("changed")) });
        _ = machine.Run(new RunLimits { UntilStep = last });
        _ = changed.Run(new RunLimits { UntilStep = last });
        Assert.Equal(machine.StateHash(), changed.StateHash());
        machine.ExecuteStep();
        changed.ExecuteStep();
        Assert.NotEqual(machine.StateHash(), changed.StateHash());
        Assert.Equal("read", reports[1].GetProperty("syscallMade").GetProperty("name").GetString());
        Assert.Equal(last, reports[2].GetProperty("step").GetUInt64());
        Assert.Contains(
            $"equal before step {last}, and part in it",
            workshop.Run("diff", "--dir", "one", "--other", "other").Expect(7).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EveryStepIsComparedIfAskedFor()
    {
        using var workshop = new Workshop();
        workshop.UnpackElf(OwnGuest.ElfPath("nested.elf"));
        foreach (string type in new[] { "singlethreaded-2", "singlethreaded" })
        {
            workshop.Run("load-elf", "--type", type, "--path", "guest.elf").Expect(0);
            foreach (string copy in new[] { "", "-again" })
            {
                string[] build = ["trace", "build", "--dir", type + copy, "--input", "state.bin.gz"];
                workshop.Run([.. build, "--until", "3000"]).Expect(0);
            }
        }

        JsonElement report = workshop.Run(
            "diff", "--dir", "singlethreaded", "--other", "singlethreaded-again", "--every-step", "--json")
            .Expect(0).LastReport;
        Assert.True(report.GetProperty("equal").GetBoolean());
        Assert.True(report.GetProperty("everyStep").GetBoolean());
        ulong last = report.GetProperty("lastEqualStep").GetUInt64();
        Assert.Equal(last + 1, report.GetProperty("comparedSteps").GetUInt64());
        workshop.Run("diff", "--dir", "singlethreaded", "--other", "singlethreaded").Expect(1);
        workshop.Run("diff", "--dir", "singlethreaded", "--other", "none").Expect(1);
    }

    private static void Build(Workshop workshop, string folder, string oracle) => workshop.Run(
        "trace", "build", "--dir", folder, "--input", "state.bin.gz", "--spacing", "200000",
        "--oracle-dir", oracle, "--preimage-unchecked").Expect(0);
}
