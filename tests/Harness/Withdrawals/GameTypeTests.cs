using System.Text;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Reading;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Games whose claims are not known here, and nodes that do not know all of the L2.</summary>
public sealed class GameTypeTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeTheory]
    [InlineData(8)]
    [InlineData(10)]
    public async Task A_respected_type_that_is_not_known_is_called_so(uint type)
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        await world.Arena.SetRespectedGameTypeAsync(type);
        await AssertUnknownAsync();
        _ = await world.ProposeAsync();
        await AssertUnknownAsync();

        async Task AssertUnknownAsync()
        {
            WithdrawalStatus status = await world.AssertBlockedAsync(
                withdrawal, (BlockReason)10, WithdrawalAction.Wait);
            Assert.Contains($"games of type {type}", status.Explanation, StringComparison.Ordinal);
        }
    }

    [L2NodeFact]
    public async Task A_node_without_the_first_games_state_serves_for_the_next()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        _ = await world.ProposeAsync();
        await world.Arena.L2.MineAsync(3);
        Contract second = await world.ProposeAsync();
        await world.Arena.L2.MineAsync(2);
        Block first = await world.Arena.L2.Node.GetBlockAsync(withdrawal.BlockNumber);
        using JsonRpcClient rpc = new(
            world.Arena.L2.Endpoint, wrap: inner => new ForgetfulNode(inner, first.Hash));
        using EthereumNode node = new(rpc);
        WithdrawalContracts contracts = world.Contracts with
        {
            MessagePasser = world.Contracts.MessagePasser with { Node = node },
        };
        WithdrawalClient client = new(contracts, world.Arena.OnL1(world.Arena.Accounts.Helper));
        WithdrawalStatus status = await client.Reader.ReadAsync(withdrawal);
        Assert.Equal((WithdrawalStage.ReadyToProve, second.Address), (status.Stage, status.Game!.Value));
        _ = await client.ProveAsync(withdrawal);
    }

    [L2NodeFact]
    public async Task A_node_without_any_games_state_is_called_so()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        _ = await world.ProposeAsync();
        Block first = await world.Arena.L2.Node.GetBlockAsync(withdrawal.BlockNumber);
        using JsonRpcClient rpc = new(
            world.Arena.L2.Endpoint, wrap: inner => new ForgetfulNode(inner, first.Hash));
        using EthereumNode node = new(rpc);
        WithdrawalReader reader = new(world.Contracts with
        {
            MessagePasser = world.Contracts.MessagePasser with { Node = node },
        });
        WithdrawalStatus status = await reader.ReadAsync(withdrawal);
        Assert.Equal((WithdrawalStage.Blocked, (BlockReason)11), (status.Stage, status.Reason));
        Assert.Contains("missing trie node", status.Explanation, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task What_the_portal_would_pay_is_ready_whatever_rules_its_version_stands_for()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();

        // Games 1.2.0 do not keep whether their type was respected, which portals from 3.12 on ask them.
        using JsonRpcClient rpc = new(
            world.Arena.L1.Endpoint, wrap: inner => new RenamedPortal(inner, "3.10.0", "3.14.0"));
        using EthereumNode node = new(rpc);
        WithdrawalReader reader = new(OnL1(world, node));
        Contract game = await world.ProposeAsync();
        WithdrawalStatus status = await reader.ReadAsync(withdrawal);
        Assert.Equal((WithdrawalStage.Blocked, BlockReason.WrongGameType), (status.Stage, status.Reason));
        _ = await world.User.ProveAsync(withdrawal);
        status = await reader.ReadAsync(withdrawal);
        Assert.Equal((WithdrawalStage.Blocked, BlockReason.WrongGameType), (status.Stage, status.Reason));
        await world.WinAsync(game);
        await world.Arena.L1.AdvanceAsync(
            Math.Max(world.Arena.Options.GameFinalitySeconds, world.Arena.Options.ProofMaturitySeconds) + 1);
        status = await reader.ReadAsync(withdrawal);
        Assert.Equal(
            (WithdrawalStage.ReadyToFinalize, BlockReason.None, WithdrawalAction.Finalize),
            (status.Stage, status.Reason, status.Next));
        await world.Arena.PauseAsync();
        status = await reader.ReadAsync(withdrawal);
        Assert.Equal((WithdrawalStage.Blocked, BlockReason.Paused), (status.Stage, status.Reason));
    }

    [L2NodeFact]
    public async Task A_portal_from_before_games_is_refused()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        using JsonRpcClient rpc = new(
            world.Arena.L1.Endpoint, wrap: inner => new RenamedPortal(inner, "3.10.0", "2.10.0"));
        using EthereumNode node = new(rpc);
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => new WithdrawalReader(OnL1(world, node)).ReadAsync(withdrawal));
        Assert.Contains("\"2.10.0\"", error.Message, StringComparison.Ordinal);
    }

    private static WithdrawalContracts OnL1(WithdrawalWorld world, EthereumNode node) =>
        world.Contracts with
        {
            Portal = world.Contracts.Portal with { Node = node },
            Factory = world.Contracts.Factory with { Node = node },
        };

    // Says another version, of the same length.
    private sealed class RenamedPortal(HttpMessageHandler inner, string version, string other)
        : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            string body = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(
                body.Replace(Digits(version), Digits(other), StringComparison.Ordinal),
                Encoding.UTF8,
                "application/json");
            return response;
        }

        private static string Digits(string text) =>
            Convert.ToHexString(Encoding.ASCII.GetBytes(text)).ToLowerInvariant();
    }

    // Refuses the state of one block, as a node does that has dropped it.
    private sealed class ForgetfulNode(HttpMessageHandler inner, Bytes32 forgotten) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return body.Contains("eth_getProof", StringComparison.Ordinal)
                && body.Contains(forgotten.ToString(), StringComparison.Ordinal)
                    ? new HttpResponseMessage
                    {
                        Content = new StringContent(
                            """{"id":null,"error":{"code":-32000,"message":"missing trie node"}}""",
                            Encoding.UTF8,
                            "application/json"),
                    }
                    : await base.SendAsync(request, cancellationToken);
        }
    }
}
