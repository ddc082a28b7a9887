using System.Numerics;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals.Status;

/// <summary>What a game is worth by the rules of each generation of portals.</summary>
public sealed class PortalRulesTests
{
    private const ulong ChangedAt = 1_000;

    [Theory]
    [InlineData("3.10.0", 1)]
    [InlineData("3.8.0-rc.2", 1)]
    [InlineData("3.14.0", 2)]
    [InlineData("4.6.0", 3)]
    [InlineData("5.1.1+interop", 3)]
    public void A_version_tells_the_rules(string version, int rules) =>
        Assert.Equal(rules, (int)PortalVersions.RulesOf(version));

    [Theory]
    [InlineData("")]
    [InlineData("2.8.1")]
    [InlineData("four")]
    [InlineData("4")]
    [InlineData("-4.0.0")]
    [InlineData("99999999999.0.0")]
    public void Other_versions_are_refused(string version)
    {
        ChainException error = Assert.Throws<ChainException>(() => PortalVersions.RulesOf(version));
        Assert.Equal(ChainFailure.Artifact, error.Failure);
    }

    [Theory]
    [InlineData(1, BlockReason.WrongGameType, BlockReason.WrongGameType)]
    [InlineData(2, BlockReason.None, BlockReason.WrongGameType)]
    [InlineData(3, BlockReason.None, BlockReason.None)]
    public void A_change_of_the_respected_type_spoils_a_proof_under_the_oldest_rules_only(
        int rules, BlockReason toPay, BlockReason toProve)
    {
        PortalFacts portal = Portal(rules) with { RespectedType = 1 };
        GameFacts game = Game() with { WasRespected = true, IsRetired = false };
        Assert.Equal(toPay, StatusMachine.FaultOf(game, portal));
        Assert.Equal(toProve, StatusMachine.FaultToProve(game, portal));
        WithdrawalStatus status = StatusMachine.Judge(
            portal, new ProofFacts(default, ChangedAt + 5, game), GameChoice.None, MoneyPlace.Portal);
        Assert.Equal(
            toPay == BlockReason.None ? WithdrawalStage.ReadyToFinalize : WithdrawalStage.Blocked,
            status.Stage);
    }

    [Theory]
    [InlineData(1, BlockReason.None)]
    [InlineData(2, BlockReason.WrongGameType)]
    [InlineData(3, BlockReason.WrongGameType)]
    public void A_type_that_came_to_be_respected_later_does_not_revive_a_game_under_newer_rules(
        int rules, BlockReason expected) =>
        Assert.Equal(
            expected,
            StatusMachine.FaultOf(Game() with { WasRespected = false, IsRetired = false }, Portal(rules)));

    [Theory]
    [InlineData(1, 0, BlockReason.None)]
    [InlineData(2, 0, BlockReason.GameRetired)]
    [InlineData(1, -1, BlockReason.GameRetired)]
    [InlineData(2, 1, BlockReason.None)]
    public void Games_of_the_very_second_of_a_change_live_under_the_oldest_rules_only(
        int rules, int seconds, BlockReason expected)
    {
        GameFacts game = Game() with { CreatedAt = (ulong)((long)ChangedAt + seconds), WasRespected = true };
        Assert.Equal(expected, StatusMachine.FaultOf(game, Portal(rules)));
    }

    [Fact]
    public void The_registry_decides_where_there_is_one()
    {
        GameFacts game = Game() with { WasRespected = true, IsRetired = false };
        PortalFacts portal = Portal(3);
        Assert.Equal(BlockReason.None, StatusMachine.FaultOf(game, portal));
        Assert.Equal(
            BlockReason.GameRetired, StatusMachine.FaultOf(game with { IsRetired = true }, portal));
        Assert.Equal(
            BlockReason.GameUnregistered, StatusMachine.FaultOf(game with { IsRegistered = false }, portal));
        Assert.Equal(
            BlockReason.GameBlacklisted, StatusMachine.FaultOf(game with { IsBlacklisted = true }, portal));

        // What it did not tell is not accepted.
        Assert.Equal(
            BlockReason.GameRetired, StatusMachine.FaultOf(game with { IsRetired = null }, portal));
        Assert.Equal(
            BlockReason.WrongGameType, StatusMachine.FaultOf(game with { WasRespected = null }, portal));
    }

    private static GameFacts Game() => new()
    {
        Address = default,
        Type = 0,
        Status = GameStatus.DefenderWins,
        CreatedAt = ChangedAt + 1,
        ResolvedAt = ChangedAt + 10,
        RootClaim = default,
        BlockNumber = BigInteger.One,
        IsBlacklisted = false,
    };

    private static PortalFacts Portal(int rules) => new()
    {
        Head = BlockAt(ChangedAt + 1_000_000),
        Rules = (PortalRules)rules,
        IsPaused = false,
        IsFinalized = false,
        RespectedType = 0,
        RespectedTypeUpdatedAt = ChangedAt,
        MaturitySeconds = 100,
        FinalitySeconds = 100,
        ProofCount = 1,
        GameCount = 1,
    };

    private static Block BlockAt(ulong second)
    {
        byte[] word = new byte[Bytes32.SizeBytes];
        RlpItem header = RlpItem.List(
            word, word, new byte[Address.SizeBytes], word, word, word, new byte[256], 0ul, 1ul, 0ul, 0ul,
            second, Array.Empty<byte>(), word, new byte[8]);
        return new Block(BlockHeader.Decode(header.Encode()), []);
    }
}
