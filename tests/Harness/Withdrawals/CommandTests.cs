using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Withdrawals;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>The verbs of <c>culverin-harness withdrawals</c>, as a process.</summary>
public sealed class CommandTests(ClassicArenaFixture fixture) : IClassFixture<ClassicArenaFixture>
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-harness.dll");

    [Fact]
    public async Task A_withdrawal_is_listed_proven_and_finalized_by_commands()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        using TemporaryFolder folder = new();
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        string transaction = withdrawal.TransactionHash.ToString();
        string user = world.Arena.Accounts.User.Address.ToString();
        string keyFile = KeyFile(folder);
        JsonElement line = Single(await RunAsync(world, ["list", "--account", user]));
        Assert.Equal("WaitingForProposal", line.GetProperty("stage").GetString());
        Assert.Equal(transaction, line.GetProperty("l2Transaction").GetString());
        Contract game = await world.ProposeAsync();
        line = Single(await RunAsync(world, ["prove", transaction, "--key-file", keyFile]));
        Assert.Equal("Maturing", line.GetProperty("stage").GetString());
        Assert.StartsWith("0x", line.GetProperty("l1Transaction").GetString(), StringComparison.Ordinal);
        (int exitCode, string _, string error) =
            await RunAsync(world, ["finalize", transaction, "--key-file", keyFile]);
        Assert.Equal(1, exitCode);
        Assert.Contains("cannot be paid out now", error, StringComparison.Ordinal);
        await world.WinAsync(game);
        WithdrawalStatus status = await world.StatusAsync(withdrawal);
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value);
        line = Single(await RunAsync(world, ["status", transaction]));
        Assert.Equal("ReadyToFinalize", line.GetProperty("stage").GetString());
        Assert.Equal(status.ReadyAt, line.GetProperty("readyAt").GetUInt64());
        ArenaSnapshot ready = await world.Arena.SnapshotAsync();
        line = Single(await RunAsync(world, ["finalize", transaction, "--key-file", keyFile]));
        Assert.Equal("Finalized", line.GetProperty("stage").GetString());
        await world.Arena.RevertAsync(ready);
        (exitCode, string output, error) = await RunAsync(
            world, ["watch", "--account", user, "--key-file", keyFile, "--pause", "0.05"]);
        Assert.True(exitCode == 0, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["ReadyToFinalize", "Finalized"], lines.Select(each => Stage(each)));
        _ = await world.AssertStageAsync(withdrawal, WithdrawalStage.Finalized, WithdrawalAction.None);
    }

    [Fact]
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
            (int exitCode, string output, string error) = await RunAsync(world, flags);
            Assert.Equal(expected, exitCode);
            Assert.Empty(output);
            Assert.StartsWith("culverin-harness: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    // The helper's key, as the arena makes it from the name.
    private static string KeyFile(TemporaryFolder folder)
    {
        string path = Path.Combine(folder.Path, "key");
        File.WriteAllText(path, Bytes32.Keccak256("culverin arena helper"u8) + "\n");
        return path;
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

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        WithdrawalWorld world, string[] flags)
    {
        List<string> arguments =
        [
            Program, "withdrawals", .. flags, "--json", "--portal", world.Portal.Address.ToString(),
            "--l1", world.Arena.L1.Endpoint.ToString(), "--l2", world.Arena.L2.Endpoint.ToString(),
        ];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[NodePackages.FolderVariable] =
            Path.Combine(Repository.Folder, "harness", "contracts", "node_modules");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
