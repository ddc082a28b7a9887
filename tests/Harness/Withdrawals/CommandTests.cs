using System.Text.Json;
using Culverin.Harness.Arenas;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>The verbs of <c>culverin-harness withdrawals</c>, as a process.</summary>
public sealed class CommandTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task A_withdrawal_is_listed_proven_and_finalized_by_commands()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        using TemporaryFolder folder = new();
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        string transaction = withdrawal.TransactionHash.ToString();
        string user = world.Arena.Accounts.User.Address.ToString();
        string keyFile = WithdrawalProcess.KeyFile(folder);
        JsonElement line = Single(await WithdrawalProcess.RunAsync(world, ["list", "--account", user]));
        Assert.Equal("WaitingForProposal", line.GetProperty("stage").GetString());
        Assert.Equal(transaction, line.GetProperty("l2Transaction").GetString());
        Contract game = await world.ProposeAsync();
        line = Single(await WithdrawalProcess.RunAsync(world, ["prove", transaction, "--key-file", keyFile]));
        Assert.Equal("Maturing", line.GetProperty("stage").GetString());
        Assert.StartsWith("0x", line.GetProperty("l1Transaction").GetString(), StringComparison.Ordinal);
        (int exitCode, string _, string error) =
            await WithdrawalProcess.RunAsync(world, ["finalize", transaction, "--key-file", keyFile]);
        Assert.Equal(3, exitCode);
        Assert.Contains("cannot be paid out now", error, StringComparison.Ordinal);
        await world.WinAsync(game);
        WithdrawalStatus status = await world.StatusAsync(withdrawal);
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value);
        line = Single(await WithdrawalProcess.RunAsync(world, ["status", transaction]));
        Assert.Equal("ReadyToFinalize", line.GetProperty("stage").GetString());
        Assert.Equal(status.ReadyAt, line.GetProperty("readyAt").GetUInt64());
        ArenaSnapshot ready = await world.Arena.SnapshotAsync();
        line = Single(await WithdrawalProcess.RunAsync(
            world, ["finalize", transaction, "--key-file", keyFile]));
        Assert.Equal("Finalized", line.GetProperty("stage").GetString());
        await world.Arena.RevertAsync(ready);
        (exitCode, string output, error) = await WithdrawalProcess.RunAsync(
            world, ["watch", "--account", user, "--key-file", keyFile, "--pause", "0.05"]);
        Assert.True(exitCode == 0, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["ReadyToFinalize", "Finalized"], lines.Select(each => Stage(each)));
        _ = await world.AssertStageAsync(withdrawal, WithdrawalStage.Finalized, WithdrawalAction.None);
    }

    [L2NodeFact]
    public async Task Wrong_flags_are_told_in_a_sentence()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        string hash = default(Bytes32).ToString();
        (string[] Flags, int ExitCode)[] wrong =
        [
            (["status"], 2), (["status", "0x12"], 1), (["status", hash], 1), (["prove", hash], 1),
            (["list", "--account", "nobody"], 1), (["watch"], 2), (["status", hash, "--signer", "x"], 1),
            (["prove", hash, "--key-file", "/nowhere/key"], 1),
        ];
        foreach ((string[] flags, int expected) in wrong)
        {
            (int exitCode, string output, string error) = await WithdrawalProcess.RunAsync(world, flags);
            Assert.Equal(expected, exitCode);
            Assert.Empty(output);
            Assert.StartsWith("culverin-harness: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    private static string? Stage(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("stage").GetString();
    }

    private static JsonElement Single((int ExitCode, string Output, string Error) run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }
}
