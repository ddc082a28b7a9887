using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Arenas.Classic;

public sealed class ClassicGuardianTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task Three_of_four_owners_pause_and_two_do_not()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Contract safe = arena.Council.Contract;
        Assert.Equal(3, (await safe.ReadAsync(new GnosisSafe.GetThresholdFunction())).Value);
        Assert.Equal(
            arena.Accounts.Council.Select(owner => owner.Address),
            (await safe.ReadAsync(new GnosisSafe.GetOwnersFunction())).Value);
        RevertedException error =
            await Assert.ThrowsAsync<RevertedException>(() => PauseAsync(arena, [0, 2]));
        Assert.Equal("GS020", error.Reason.Text);
        Assert.Equal("fewer signatures than the Safe's threshold", error.Reason.Hint);
        await Assert.ThrowsAsync<RevertedException>(() => PauseAsync(arena, [1, 1, 2]));
        Assert.False(await IsPausedAsync(arena));
        await PauseAsync(arena, [3, 0, 2]);
        Assert.True(await IsPausedAsync(arena));
    }

    [L2NodeFact]
    public async Task A_stranger_among_the_signers_is_no_owner()
    {
        ClassicArena arena = await fixture.FreshAsync();
        ArenaAccount[] signers = [.. arena.Accounts.Council.Take(2), arena.Accounts.Thief];
        Contract config = arena.Contracts.SuperchainConfig;
        TransactionSender thief = arena.OnL1(arena.Accounts.Thief);
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(
            () => arena.Council.ExecuteAsync(thief, config, Pause("theft"), signers));
        Assert.Equal("GS026", error.Reason.Text);
    }

    [L2NodeFact]
    public async Task The_deputy_acts_for_the_guardian()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Contract portal = arena.Contracts.Portal;
        await arena.PauseAsync();
        Assert.True(await IsPausedAsync(arena));
        await arena.UnpauseAsync();
        Assert.False(await IsPausedAsync(arena));
        Address game = Address.OfCreated(default, 1);
        await arena.BlacklistAsync(game);
        Assert.True((await portal.ReadAsync(
            new OptimismPortal2.DisputeGameBlacklistFunction { Value = game })).Value);
        await arena.SetRespectedGameTypeAsync(GameTypes.Permissioned);
        Assert.Equal(
            GameTypes.Permissioned,
            (await portal.ReadAsync(new OptimismPortal2.RespectedGameTypeFunction())).Value);
    }

    [L2NodeFact]
    public async Task Nobody_else_does()
    {
        ClassicArena arena = await fixture.FreshAsync();
        TransactionSender thief = arena.OnL1(arena.Accounts.Thief);
        CallRequest pause =
            arena.DeputyModule.Request(thief.Address, new DeputyGuardianModule.PauseFunction());
        RevertedException error =
            await Assert.ThrowsAsync<RevertedException>(() => thief.SendAsync(pause));
        Assert.Equal("Unauthorized", error.Reason.Name);
        CallRequest direct = arena.Contracts.SuperchainConfig.Request(thief.Address, Pause("theft"));
        error = await Assert.ThrowsAsync<RevertedException>(() => thief.SendAsync(direct));
        Assert.Equal("SuperchainConfig: only guardian can pause", error.Reason.Text);
    }

    [L2NodeFact]
    public async Task A_deputy_that_the_council_dismissed_can_do_nothing()
    {
        ClassicArena arena = await fixture.FreshAsync();

        // The list of modules begins at the address one, which stands before the first.
        Address first = Address.Parse("0x0000000000000000000000000000000000000001");
        _ = await arena.Council.ExecuteAsync(
            arena.OnL1(arena.Accounts.Helper),
            arena.Council.Contract,
            new GnosisSafe.DisableModuleFunction
            {
                PrevModule = first,
                Module = arena.DeputyModule.Address,
            },
            arena.Accounts.Council.Take(3));
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(() => arena.PauseAsync());
        Assert.Equal("GS104", error.Reason.Text);
    }

    [L2NodeFact]
    public async Task What_fails_within_the_module_is_told_from_within()
    {
        ClassicArena arena = await fixture.FreshAsync();

        // The Safe is not the guardian of this configuration, since nobody is: it is an implementation.
        ProxyAdmin.GetProxyImplementationResult implementation =
            await arena.Contracts.ProxyAdmin.ReadAsync(new ProxyAdmin.GetProxyImplementationFunction
            {
                Proxy = arena.Contracts.SuperchainConfig.Address,
            });
        TransactionSender deputy = arena.OnL1(arena.Accounts.Deputy);
        ContractArtifact artifact =
            ContractArtifact.Find(Repository.Packages.ContractArtifacts, "DeputyGuardianModule");
        TransactionReceipt created = await deputy.SendAsync(new CallRequest
        {
            From = deputy.Address,
            Data = artifact.EncodeDeployment(new DeputyGuardianModule.Constructor
            {
                Safe = arena.Council.Contract.Address,
                SuperchainConfig = implementation.Value,
                DeputyGuardian = deputy.Address,
            }),
        });
        Contract module = arena.DeputyModule.At(created.CreatedContract!.Value);
        _ = await arena.Council.ExecuteAsync(
            deputy,
            arena.Council.Contract,
            new GnosisSafe.EnableModuleFunction { Module = module.Address },
            arena.Accounts.Council.Take(3));
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(
            () => deputy.SendAsync(module.Request(
                deputy.Address, new DeputyGuardianModule.PauseFunction())));
        Assert.Equal("ExecutionFailed: SuperchainConfig: only guardian can pause", error.Reason.Text);
        Assert.Equal("the caller is not the guardian", error.Reason.Hint);
    }

    private static async Task<bool> IsPausedAsync(ClassicArena arena) =>
        (await arena.Contracts.Portal.ReadAsync(new OptimismPortal2.PausedFunction())).Value;

    private static SuperchainConfig.PauseFunction Pause(string why) => new() { Identifier = why };

    private static Task<TransactionReceipt> PauseAsync(ClassicArena arena, int[] owners) =>
        arena.Council.ExecuteAsync(
            arena.OnL1(arena.Accounts.Helper),
            arena.Contracts.SuperchainConfig,
            Pause("a test"),
            owners.Select(index => arena.Accounts.Council[index]));
}
