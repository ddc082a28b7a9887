using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Contracts;

/// <summary>
/// What Nethereum's decoder believes and must not: every case here is refused because its values encode to
/// other bytes.
/// </summary>
public sealed class ContractCodecTests
{
    private static readonly Address Someone = Address.Parse("0x00112233445566778899aabbccddeeff00112233");

    // A claim's fields as the contract returns them (FaultDisputeGame.claimData).
    private static readonly string[] Claim =
    [
        Word(7),
        Word(0),
        "000000000000000000000000" + Someone.ToString()[2..],
        Word(80_000_000),
        new string('b', 64),
        Word(6),
        Word((new BigInteger(11) << 64) | 12),
    ];

    [Fact]
    public void CallIsSelectorAndWords()
    {
        byte[] call = ContractCodec.EncodeCall(new FaultDisputeGame.ClaimDataFunction { Value = 3 });
        Assert.Equal("0xc6f0308c" + Word(3), Hex.Format(call));
    }

    [Fact]
    public void ResultsHaveTheHarnesssTypes()
    {
        FaultDisputeGame.ClaimDataResult claim =
            ContractCodec.DecodeResult<FaultDisputeGame.ClaimDataResult>(Data(Claim));
        Assert.Equal(7u, claim.ParentIndex);
        Assert.Equal(default, claim.CounteredBy);
        Assert.Equal(Someone, claim.Claimant);
        Assert.Equal(80_000_000, claim.Bond);
        Assert.Equal(Bytes32.Parse("0x" + new string('b', 64)), claim.Claim);
        Assert.Equal(new Position(6), claim.Position);
        Assert.Equal((new BigInteger(11) << 64) | 12, claim.Clock);
    }

    [Theory]
    [InlineData(
        0, "uint32 above its range", "0000000000000000000000000000000000000000000000000000000100000007")]
    [InlineData(
        1, "dirty address", "000000000000000000000001000000000000000000000000000000000000000")]
    [InlineData(
        3, "uint128 above its range", "1000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(
        6, "uint128 with sign", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void DirtyWordsAreRefused(int index, string what, string word)
    {
        string[] words = [.. Claim];
        words[index] = word.PadRight(64, '0');
        Refused<FaultDisputeGame.ClaimDataResult>(what, Data(words));
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        Refused<FaultDisputeGame.ClaimDataResult>("nothing", Array.Empty<byte>());
        Refused<FaultDisputeGame.ClaimDataResult>("a word missing", Data(Claim[..^1]));
        Refused<FaultDisputeGame.ClaimDataResult>("a word too many", Data([.. Claim, Word(0)]));
        Refused<FaultDisputeGame.StatusResult>("empty answer for a status", Array.Empty<byte>());
        Refused<FaultDisputeGame.ResolvedSubgamesResult>("bool 2", Data([Word(2)]));
        Refused<FaultDisputeGame.VersionResult>("text: offset beyond the data", Data([Word(64), Word(0)]));
        Refused<FaultDisputeGame.VersionResult>(
            "text: dirty padding", Data([Word(32), Word(1), "41" + new string('1', 62)]));
        Refused<FaultDisputeGame.VersionResult>(
            "text: length beyond the data", Data([Word(32), Word(int.MaxValue), Word(0)]));
        Refused<FaultDisputeGame.VersionResult>(
            "text: negative offset", Data([Word((BigInteger.One << 256) - 32), Word(0)]));
    }

    [Fact]
    public void StatusOutsideTheEnumIsRefused()
    {
        FaultDisputeGame.StatusResult status =
            ContractCodec.DecodeResult<FaultDisputeGame.StatusResult>(Data([Word(3)]));
        Assert.Throws<ChainException>(() => status.Value);
        Assert.Equal(
            GameStatus.DefenderWins,
            ContractCodec.DecodeResult<FaultDisputeGame.StatusResult>(Data([Word(2)])).Value);
    }

    // Each of 2,040 elements names the same 1,920 bytes: decoded they would be large, encoded again larger.
    [Fact]
    public void ElementsThatShareBytesAreRefused()
    {
        int count = 2040;
        string[] words =
        [
            Word(32),
            Word(count),
            .. Enumerable.Repeat(Word(32 * count), count),
            .. Enumerable.Repeat(Word(1), 5),
        ];
        Refused<DisputeGameFactory.FindLatestGamesResult>("shared elements", Data(words));
    }

    // The decoder alone goes on for minutes where an array's count or offset was never there.
    [Fact]
    public void CallsThatAreCutShortAreRefusedAtOnce()
    {
        byte[] call = ContractCodec.EncodeCall(new PreimageOracle.AddLeavesLPPFunction
        {
            Input = [1, 2, 3],
            StateCommitments = [Bytes32.FromInteger(7)],
        });
        for (int length = 0; length < call.Length; length++)
        {
            Assert.Null(ContractCodec.TryDecodeCall<PreimageOracle.AddLeavesLPPFunction>(
                call.AsMemory(0, length)));
        }

        Assert.NotNull(ContractCodec.TryDecodeCall<PreimageOracle.AddLeavesLPPFunction>(call));
    }

    [Fact]
    public void EventsAreChecked()
    {
        Bytes32 topic = ContractCodec.TopicOf<FaultDisputeGame.MoveEvent>();
        LogEntry log = new(
            Someone,
            [topic, .. new[] { Word(1), Word(9), Claim[2] }.Select(word => new Bytes32(Data([word])))],
            ReadOnlyMemory<byte>.Empty,
            1,
            default,
            default,
            0,
            0);
        FaultDisputeGame.MoveEvent move = ContractCodec.DecodeEvent<FaultDisputeGame.MoveEvent>(log);
        Assert.Equal(Someone, move.Claimant);
        Assert.Equal(1, move.ParentIndex);
        Assert.Throws<ChainException>(() => ContractCodec.DecodeEvent<FaultDisputeGame.MoveEvent>(
            log with { Topics = [.. log.Topics.SkipLast(1)] }));
        Assert.Throws<ChainException>(() => ContractCodec.DecodeEvent<FaultDisputeGame.MoveEvent>(
            log with { Data = new byte[1] }));
        Assert.Throws<ChainException>(() => ContractCodec.DecodeEvent<FaultDisputeGame.MoveEvent>(
            log with { Topics = [.. log.Topics.SkipLast(1), new Bytes32(Data([new string('f', 64)]))] }));
    }

    [Fact]
    public void ErrorsAreRecognised()
    {
        byte[] data = Hex.Parse("0x" + "f40239db" + new string('c', 64));
        object? error = ContractCodec.TryDecodeError(typeof(FaultDisputeGame.UnexpectedRootClaimError), data);
        FaultDisputeGame.UnexpectedRootClaimError unexpected =
            Assert.IsType<FaultDisputeGame.UnexpectedRootClaimError>(error);
        Assert.Equal(Bytes32.Parse("0x" + new string('c', 64)), unexpected.RootClaim);
        Assert.Null(ContractCodec.TryDecodeError(
            typeof(FaultDisputeGame.UnexpectedRootClaimError), data.AsMemory(0, 35)));
        Assert.Null(ContractCodec.TryDecodeError(typeof(FaultDisputeGame.ValidStepError), data));
    }

    [Fact]
    public void CallsAreReadBackIfCanonical()
    {
        L1CrossDomainMessenger.RelayMessageFunction relay =
            new() { NonceArgument = 5, Target = Someone, Value = 7, Message = [1, 2, 3] };
        byte[] call = ContractCodec.EncodeCall(relay);
        L1CrossDomainMessenger.RelayMessageFunction? read =
            ContractCodec.TryDecodeCall<L1CrossDomainMessenger.RelayMessageFunction>(call);
        Assert.Equal((Someone, 7), (read!.Target, read.Value));
        Assert.Equal(relay.Message, read.Message);
        Assert.Null(ContractCodec.TryDecodeCall<L1CrossDomainMessenger.RelayMessageFunction>(
            call.AsMemory(0, call.Length - 1)));
        Assert.Null(ContractCodec.TryDecodeCall<L1CrossDomainMessenger.RelayMessageFunction>(
            call.AsMemory(0, 3)));
        Assert.Null(ContractCodec.TryDecodeCall<L1StandardBridge.FinalizeBridgeETHFunction>(call));
        call[^1] = 1;
        Assert.Null(ContractCodec.TryDecodeCall<L1CrossDomainMessenger.RelayMessageFunction>(call));
    }

    private static void Refused<TResult>(string what, byte[] data)
        where TResult : class, Nethereum.ABI.FunctionEncoding.Attributes.IFunctionOutputDTO, new()
    {
        ChainException? error = null;
        try
        {
            _ = ContractCodec.DecodeResult<TResult>(data);
        }
        catch (ChainException refusal)
        {
            error = refusal;
        }

        Assert.True(error is { Failure: ChainFailure.Abi }, $"{what} was accepted.");
    }

    private static string Word(BigInteger value) => value.ToString("x64", null)[^64..];

    private static byte[] Data(string[] words) => Hex.Parse("0x" + string.Concat(words));
}
