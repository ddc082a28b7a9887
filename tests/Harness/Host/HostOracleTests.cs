using System.Text;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>The store, replay without nodes, and what a host does with damage and lies.</summary>
public sealed class HostOracleTests(DisputedChain chain) : IClassFixture<DisputedChain>
{
    private static readonly HostOptions Impatient = new()
    {
        FetchDeadline = TimeSpan.FromMilliseconds(300),
        RetryDelay = TimeSpan.FromMilliseconds(50),
    };

    [L2NodeFact]
    public async Task The_store_alone_replays_a_run()
    {
        DisputedClaim claim = await chain.ClaimAsync(8);
        using TemporaryFolder folder = new();
        using HostOracle online = chain.Serve(claim, folder.Path);
        GuestEnd first = Guest.Run(online);
        Assert.True(online.FetchCount > 0);

        using HostOracle offline = new(claim, new PreimageStore(folder.Path));
        GuestEnd second = Guest.Run(offline);
        Assert.Equal((first.ExitCode, first.Steps), (second.ExitCode, second.Steps));
        Assert.Equal(Guest.Right, second.ExitCode);

        // Nothing is fetched twice either, and another claim needs the same data.
        using HostOracle again = chain.Serve(claim with { ClaimedOutputRoot = default }, folder.Path);
        Assert.Equal(Guest.Wrong, Guest.Run(again).ExitCode);
        Assert.Equal(0, again.FetchCount);
    }

    [L2NodeFact]
    public async Task Without_nodes_a_missing_preimage_ends_the_run()
    {
        DisputedClaim claim = await chain.ClaimAsync(5);
        using TemporaryFolder folder = new();
        using HostOracle oracle = new(claim, new PreimageStore(folder.Path));
        CulverinException error = Assert.Throws<CulverinException>(() => Guest.Run(oracle));
        Assert.Equal(ErrorCode.PreimageMissing, error.Code);
        Assert.Contains("there are no nodes to ask", error.Message, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task Damaged_files_are_fetched_again()
    {
        DisputedClaim claim = await chain.ClaimAsync(6);
        using TemporaryFolder folder = new();
        using (HostOracle first = chain.Serve(claim, folder.Path))
        {
            Assert.Equal(Guest.Right, Guest.Run(first).ExitCode);
        }

        // What was fetched ahead and is not read by the program may stay damaged: nothing looks at it.
        using RecordingOracle reads = new(new HostOracle(claim, new PreimageStore(folder.Path)));
        Guest.Run(reads);
        string[] files = [.. reads.FileNames.Select(name => Path.Combine(folder.Path, name))];
        for (int index = 0; index < files.Length; index++)
        {
            byte[] data = File.ReadAllBytes(files[index]);
            switch (index % 4)
            {
                case 0:
                    data[^1] ^= 1;
                    File.WriteAllBytes(files[index], data);
                    break;
                case 1:
                    File.WriteAllBytes(files[index], data[..^1]);
                    break;
                case 2:
                    File.WriteAllBytes(files[index], []);
                    break;
                default:
                    break;
            }
        }

        PreimageStore store = new(folder.Path);
        using HostOracle oracle =
            new(claim, store, chain.Fetcher(claim, store));
        Assert.Equal(Guest.Right, Guest.Run(oracle).ExitCode);
        Assert.True(store.DamagedCount > 0);
        Assert.All(files, file => Assert.Equal(
            Path.GetFileName(file), PreimageStore.KeyOf(File.ReadAllBytes(file)).ToString()[2..]));
    }

    [L2NodeFact]
    public async Task A_host_that_lies_gets_no_verdict()
    {
        DisputedClaim claim = await chain.ClaimAsync(5);
        using TemporaryFolder folder = new();
        using (HostOracle first = chain.Serve(claim, folder.Path))
        {
            Assert.Equal(Guest.Right, Guest.Run(first).ExitCode);
        }

        // Whatever the program asks for, changed in one bit, cut short, or replaced by something else real.
        PreimageStore store = new(folder.Path);
        using HostOracle honest = new(claim, store);
        byte[] other = File.ReadAllBytes(folder.Files[0]);
        using RecordingOracle counter = new(honest);
        Guest.Run(counter);
        Func<byte[], byte[]>[] lies =
        [
            value => [(byte)(value[0] ^ 0x10), .. value[1..]],
            value => [.. value[..^1], (byte)(value[^1] ^ 1)],
            value => value[..^1],
            value => [.. value, 0],
            value => value.SequenceEqual(other) ? [] : other,
        ];
        for (int number = 0; number < counter.Count; number += 1 + counter.Count / 3)
        {
            foreach (Func<byte[], byte[]> lie in lies)
            {
                using LyingOracle liar = new(honest, number, lie);
                Assert.Equal(Guest.Undecided, Guest.Run(liar).ExitCode);
            }
        }
    }

    [L2NodeFact]
    public async Task An_agreed_root_that_is_not_the_blocks_own_is_found_out()
    {
        DisputedClaim claim = await chain.ClaimAsync(6);
        DisputedClaim wrong = claim with { AgreedOutputRoot = Bytes32.Keccak256([5]) };
        using TemporaryFolder folder = new();
        using HostOracle oracle = chain.Serve(wrong, folder.Path, Impatient);
        ChainException error = Assert.Throws<ChainException>(() => Guest.Run(oracle));
        Assert.Contains("l2-output", error.Message, StringComparison.Ordinal);
        Assert.Contains(wrong.AgreedOutputRoot.ToString(), error.Message, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task Local_values_are_those_of_the_game()
    {
        DisputedClaim claim = await chain.ClaimAsync(7);
        using TemporaryFolder folder = new();
        using HostOracle oracle = chain.Serve(claim, folder.Path);
        byte[] key = new byte[32];
        key[0] = 1;
        byte[][] expected =
        [
            claim.L1Head.ToArray(), claim.AgreedOutputRoot.ToArray(), claim.ClaimedOutputRoot.ToArray(),
            [0, 0, 0, 0, 0, 0, 0, 7], [0, 0, 0, 0, 0, 1, 0x14, 0xf5],
        ];
        for (byte number = 1; number <= 5; number++)
        {
            key[31] = number;
            Assert.Equal(expected[number - 1], oracle.GetPreimage(key));
        }

        foreach ((int place, byte value) in new[] { (31, (byte)6), (31, (byte)0), (5, (byte)1) })
        {
            key[31] = 1;
            key[place] = value;
            CulverinException error = Assert.Throws<CulverinException>(() => oracle.GetPreimage(key));
            Assert.Equal(ErrorCode.PreimageMissing, error.Code);
        }
    }

    [L2NodeFact]
    public async Task A_preimage_that_the_hint_did_not_announce_is_missing()
    {
        DisputedClaim claim = await chain.ClaimAsync(5);
        using TemporaryFolder folder = new();
        using HostOracle oracle = chain.Serve(claim, folder.Path, Impatient);
        byte[] key = PreimageStore.KeyOf(Bytes32.Keccak256([3])).ToArray();
        Assert.Contains(
            "no hint", Assert.Throws<CulverinException>(() => oracle.GetPreimage(key)).Message);
        foreach (string hint in new[] { "nonsense", "l1-block-header", "l1-block-header 0x12", "\u00ff", "" })
        {
            oracle.Hint(Encoding.Latin1.GetBytes(hint));
            Assert.Contains(
                "no hint", Assert.Throws<CulverinException>(() => oracle.GetPreimage(key)).Message);
        }

        oracle.Hint(Encoding.ASCII.GetBytes($"l1-block-header {claim.L1Head}"));
        Assert.Contains(
            "announced", Assert.Throws<CulverinException>(() => oracle.GetPreimage(key)).Message);
    }

    [L2NodeFact]
    public async Task A_cancelled_host_stops_waiting_for_nodes()
    {
        DisputedClaim claim = await chain.ClaimAsync(5);
        using TemporaryFolder folder = new();
        using ScriptedServer silent = new((_, _) => Task.Delay(Timeout.Infinite));
        using JsonRpcClient rpc = new(silent.Endpoint);
        using EthereumNode node = new(rpc);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));
        PreimageStore store = new(folder.Path);
        using HostOracle oracle =
            new(claim, store, new PreimageFetcher(node, node, claim, store), stop.Token);
        CulverinException error = Assert.Throws<CulverinException>(() => Guest.Run(oracle));
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.Empty(folder.Files);
    }

    /// <summary>Answers one of the hashed pre-images with something else.</summary>
    private sealed class LyingOracle(IPreimageOracle inner, int number, Func<byte[], byte[]> lie)
        : IPreimageOracle
    {
        private int _count;

        public byte[] GetPreimage(ReadOnlySpan<byte> key)
        {
            byte[] value = inner.GetPreimage(key);
            return key[0] == 2 && _count++ == number ? lie(value) : value;
        }

        public void Hint(ReadOnlySpan<byte> payload) => inner.Hint(payload);

        public void Shutdown() => inner.Shutdown();

        public void Dispose()
        {
        }
    }
}
