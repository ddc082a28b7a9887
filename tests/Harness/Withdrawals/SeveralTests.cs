using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Several withdrawals of one L2 transaction, which are not due together.</summary>
public sealed class SeveralTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task All_that_are_due_are_done_and_the_exit_code_tells_about_the_others()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        using TemporaryFolder folder = new();
        IReadOnlyList<InitiatedWithdrawal> three = await AskThreeTimesAsync(world);
        string transaction = three[0].TransactionHash.ToString();
        Contract game = await world.ProposeAsync();

        // The last is proven before the others: its delays end first.
        Assert.Equal([2], await RunAsync(world, folder, "prove", transaction, 0, "--index", "2"));
        await world.WinAsync(game);
        await world.Arena.L1.AdvanceAsync(
            Math.Max(world.Arena.Options.GameFinalitySeconds, world.Arena.Options.ProofMaturitySeconds) + 1);
        Assert.Equal([0, 1, 2], await RunAsync(world, folder, "prove", transaction, 0));
        Assert.Equal([0, 1, 2], await RunAsync(world, folder, "finalize", transaction, 3));
        WithdrawalStage[] expected =
            [WithdrawalStage.Maturing, WithdrawalStage.Maturing, WithdrawalStage.Finalized];
        for (int index = 0; index < three.Count; index++)
        {
            Assert.Equal(expected[index], (await world.StatusAsync(three[index])).Stage);
        }

        Assert.Equal([2], await RunAsync(world, folder, "finalize", transaction, 0, "--index", "2"));
        Assert.Equal([1], await RunAsync(world, folder, "finalize", transaction, 3, "--index", "1"));
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.ProofMaturitySeconds + 1);
        Assert.Equal([1], await RunAsync(world, folder, "finalize", transaction, 0, "--index", "1"));
        Assert.Equal([0, 1, 2], await RunAsync(world, folder, "finalize", transaction, 0));
        Assert.Equal(
            ["Finalized", "Finalized", "Finalized"],
            WithdrawalProcess
                .Lines((await WithdrawalProcess.RunAsync(world, ["status", transaction])).Output)
                .Select(line => line.GetProperty("stage").GetString()));
        (int exitCode, _, string error) =
            await WithdrawalProcess.RunAsync(world, ["status", transaction, "--index", "3"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("--index goes from 0 to 2", error, StringComparison.Ordinal);
    }

    // The indexes of the lines that the command wrote.
    private static async Task<IEnumerable<int>> RunAsync(
        WithdrawalWorld world,
        TemporaryFolder folder,
        string verb,
        string transaction,
        int expected,
        params string[] flags)
    {
        (int exitCode, string output, string error) = await WithdrawalProcess.RunAsync(
            world, [verb, transaction, "--key-file", WithdrawalProcess.KeyFile(folder), .. flags]);
        Assert.True(exitCode == expected, $"{exitCode}: {error}");
        return WithdrawalProcess.Lines(output).Select(line => line.GetProperty("index").GetInt32());
    }

    private static async Task<IReadOnlyList<InitiatedWithdrawal>> AskThreeTimesAsync(WithdrawalWorld world)
    {
        TransactionSender user = world.Arena.OnL2(world.Arena.Accounts.User);
        Address wallet = await SmallContract.DeployAsync(user, SmallContract.ThreeTimes);
        CallRequest ask = new()
        {
            From = user.Address,
            To = wallet,
            Value = 3 * ArenaOptions.Ether,
            Data = SmallContract.Through(
                world.Contracts.MessagePasser,
                new L2ToL1MessagePasser.InitiateWithdrawalFunction
                {
                    Target = user.Address,
                    GasLimit = 100_000,
                }),
        };
        TransactionReceipt receipt = await user.SendAsync(ask);
        IReadOnlyList<InitiatedWithdrawal> three = await world.User.Reader.FindAsync(receipt.Hash);
        Assert.Equal(3, three.Count);
        return three;
    }
}
