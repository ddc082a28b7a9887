using System.Reflection;
using Culverin.Prove;
using Culverin.Tests.Shared;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// What all contracts are asked alike, though they answer differently; and the table in the README beside
/// this file, which tells every difference and names the test that shows it.
/// </summary>
public sealed class DifferenceTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const int CellsInRow = 5;

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task An_exited_byte_above_1_is_refused_here_and_on_chain_as_told(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepProof proof = HandmadeStep.Prove(HandmadeStep.Create(contract.Version, 0));
        List<JudgedStep> steps = [];
        for (int value = 2; value <= byte.MaxValue; value++)
        {
            StepWitness state =
                contract.WitnessOf(proof).WithStateByte(contract.Layout.ExitedOffset, (byte)value);
            Verdict verdict = Verdict.OfTwin(contract.Twin, state.Call, null);
            Assert.Equal(ErrorCode.InvalidProof, verdict.Refusal);
            steps.Add(new JudgedStep($"exited byte {value}", state.Call, verdict));
        }

        Dictionary<DifferenceKind, int> differences = await JudgeAsync(contract, steps);
        int expected = contract is MipsContract ? steps.Count : 0;
        Assert.Equal(expected, differences.GetValueOrDefault(DifferenceKind.ExitedByte));
    }

    [Fact]
    public void The_table_tells_every_difference_and_who_shows_it()
    {
        string[][] rows =
        [
            .. File.ReadLines(Path.Combine(RepositoryFiles.Root, "tests", "OnChain", "README.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()),
        ];
        Assert.All(rows, row => Assert.Equal(CellsInRow, row.Length));
        Assert.Equal(
            Enum.GetNames<DifferenceKind>().Order(StringComparer.Ordinal),
            rows.Select(row => row[0]).Distinct().Order(StringComparer.Ordinal));
        string[] contracts = [.. DeployedContract.All.Select(contract => contract.Name)];
        Assert.All(rows, row => Assert.Contains(row[1], contracts));
        HashSet<string> tests =
        [
            .. typeof(DifferenceTests).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods())
                .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
                .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"),
        ];
        Assert.All(rows, row => Assert.Contains(row[4], tests));
    }
}
