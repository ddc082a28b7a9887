using System.Globalization;
using System.Text;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Xunit;

namespace Culverin.Harness.Tests.Host.Blobs;

/// <summary>Blobs from beacon nodes, true and lying ones, and what becomes of them.</summary>
public sealed class BlobTests(AnvilFixture fixture, KzgFixture kzg)
    : IClassFixture<AnvilFixture>, IClassFixture<KzgFixture>
{
    private const int Seed = 4844;
    private const ulong GenesisTime = 1_700_000_000;
    private const ulong Slot = 77;
    private const ulong SlotSeconds = 5;
    private const ulong Index = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly HostOptions Impatient = new()
    {
        FetchDeadline = TimeSpan.FromMilliseconds(300),
        RetryDelay = TimeSpan.FromMilliseconds(100),
    };

    private readonly KzgProcess _kzg = kzg.Process;

    [Fact]
    public async Task A_blob_is_evaluated_as_the_contract_and_the_package_do_it()
    {
        (Blob blob, _) = await TestBlob.MakeAsync(_kzg, new Random(Seed));
        Bytes32 last = Bytes32.FromInteger(Blob.Modulus - 1);
        foreach (Bytes32 point in (Bytes32[])
            [Blob.Points[0], Blob.Points[1234], Bytes32.FromInteger(5), last])
        {
            (_, Bytes32 value) = await _kzg.ProveAsync(blob.Content, point);
            Assert.Equal(value.ToInteger(), blob.Evaluate(point.ToInteger()));
        }

        (_, Bytes32 element) = await _kzg.ProveAsync(blob.Content, Blob.Points[4000]);
        Assert.Equal(element.ToArray(), blob.Element(4000).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_gets_commitment_and_elements_by_a_hint(bool hasSidecars)
    {
        TestBlob made = await TestBlob.MakeAsync(_kzg, new Random(Seed));
        using ScriptedBeacon beacon = new(path => hasSidecars ? Sidecars(path, made) : Blobs(path, made));
        using TemporaryFolder folder = new();
        PreimageStore store = new(folder.Path);
        using BeaconNode node = new(beacon.Endpoint, Patience);

        // Proofs are verified by L1; only where there are none, a commitment is computed here.
        BlobFetcher blobs = new(node, fixture.Node, hasSidecars ? null : _kzg);
        using (HostOracle oracle = Serve(store, blobs, Impatient))
        {
            oracle.Hint(Hint(made.Blob.VersionedHash));
            CheckServed(oracle, made.Blob);
            Assert.Equal(1, oracle.FetchCount);
        }

        // Once it is there, neither hint nor node is needed.
        using HostOracle offline = new(Claim(), new PreimageStore(folder.Path));
        CheckServed(offline, made.Blob);
        Bytes32 key = made.Blob.KeyOf(17);
        (Blob found, int place) = new PreimageStore(folder.Path).FindBlob(key)!.Value;
        Assert.Equal((made.Blob.VersionedHash, 17), (found.VersionedHash, place));

        // A damaged file is none.
        string file = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "blobs")));
        byte[] content = File.ReadAllBytes(file);
        content[1000] ^= 1;
        File.WriteAllBytes(file, content);
        PreimageStore damaged = new(folder.Path);
        Assert.Null(damaged.Find(key));
        Assert.Equal(1, damaged.DamagedCount);
        Assert.False(File.Exists(file));
    }

    public static TheoryData<string> Lies { get; } = new(
        "other content", "other commitment", "other proof", "no field element", "short", "no blob", "garbage",
        "other content, no sidecars", "no field element, no sidecars", "short, no sidecars",
        "no blob, no sidecars", "nothing", "silent", "no genesis", "slots of no time");

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_about_a_blob_ends_in_a_sentence(string lie)
    {
        TestBlob made = await TestBlob.MakeAsync(_kzg, new Random(Seed));
        using ScriptedBeacon beacon = new(path => Lie(path, made, lie));
        using TemporaryFolder folder = new();
        using BeaconNode node = new(beacon.Endpoint, Patience);
        using HostOracle oracle =
            Serve(new PreimageStore(folder.Path), new BlobFetcher(node, fixture.Node, _kzg), Impatient);
        oracle.Hint(Hint(made.Blob.VersionedHash));
        ChainException error =
            Assert.Throws<ChainException>(() => oracle.GetPreimage(CommitmentKey(made.Blob).ToArray()));
        Assert.StartsWith("The hint 'l1-blob 0x01", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_a_beacon_node_it_says_so_at_once()
    {
        using TemporaryFolder folder = new();
        using HostOracle oracle = Serve(new PreimageStore(folder.Path), null, new HostOptions());
        oracle.Hint(Hint(new Bytes32([1, .. new byte[31]])));
        CulverinException error =
            Assert.Throws<CulverinException>(() => oracle.GetPreimage([4, .. new byte[31]]));
        Assert.Contains("no beacon node was given", error.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_local_node_gives_blobs_by_block_number()
    {
        TestBlob made = await TestBlob.MakeAsync(_kzg, new Random(Seed));
        PrivateKey key = PrivateKey.Parse("0x" + new string('7', 64));
        await fixture.FundAsync(key.Address);
        byte[] transaction =
            made.Sign(key, await fixture.Node.GetChainIdAsync(), nonce: 0, to: new Address(new byte[20]));
        Bytes32 hash = new(Hex.Read(await fixture.Node.Rpc.CallAsync(
            JsonRpcRequest.Create("eth_sendRawTransaction", Hex.Format(transaction)))));
        TransactionReceipt receipt = (await fixture.Node.WaitForReceiptsAsync([hash]))[0];
        Block block = await fixture.Node.GetBlockAsync(receipt.BlockNumber);
        using BeaconNode node = new(fixture.Anvil.Endpoint, Patience);
        BlobFetcher blobs = new(node, fixture.Node, _kzg, isByBlockNumber: true);
        Blob blob = await blobs.FetchAsync(
            made.Blob.VersionedHash, 0, block.Timestamp, CancellationToken.None);
        Assert.Equal(made.Blob.Content.ToArray(), blob.Content.ToArray());

        // The transaction in the block is the one without its blobs.
        using TemporaryFolder folder = new();
        PreimageStore store = new(folder.Path);
        using HostOracle oracle = Serve(store, blobs, Impatient);
        oracle.Hint(Encoding.ASCII.GetBytes($"l1-transactions {block.Hash}"));
        _ = oracle.GetPreimage(PreimageStore.KeyOf(block.Header.TransactionsRoot).ToArray());
        oracle.Hint(Encoding.ASCII.GetBytes($"l1-receipts {block.Hash}"));
        _ = oracle.GetPreimage(PreimageStore.KeyOf(block.Header.ReceiptsRoot).ToArray());
        Assert.Equal(block.Header.TransactionsRoot, Bytes32.Keccak256(
            store.Find(PreimageStore.KeyOf(block.Header.TransactionsRoot))));
    }

    [Fact]
    public async Task The_process_is_started_again_after_bytes_that_are_no_blob()
    {
        await Assert.ThrowsAsync<ChainException>(() => _kzg.CommitAsync(new byte[5]));
        byte[] content = new byte[Blob.SizeBytes];
        Assert.Equal([0xc0, .. new byte[47]], await _kzg.CommitAsync(content));
        content.AsSpan(0, 32).Fill(0xff);
        await Assert.ThrowsAsync<ChainException>(() => _kzg.CommitAsync(content));
    }

    private static void CheckServed(HostOracle oracle, Blob blob)
    {
        Assert.Equal(blob.Commitment.ToArray(), oracle.GetPreimage(CommitmentKey(blob).ToArray()));
        foreach (int place in (int[])[0, 1, 2048, 4095])
        {
            Assert.Equal(blob.Element(place).ToArray(), oracle.GetPreimage(blob.KeyOf(place).ToArray()));
        }
    }

    private static Bytes32 CommitmentKey(Blob blob) =>
        PreimageStore.KeyOf(PreimageKeyType.Sha256, blob.VersionedHash);

    private static byte[] Hint(Bytes32 versionedHash)
    {
        const ulong Time = GenesisTime + (Slot * SlotSeconds) + 1;
        return Encoding.ASCII.GetBytes($"l1-blob {versionedHash}{Index:x16}{Time:x16}");
    }

    private static DisputedClaim Claim() => new()
    {
        L1Head = default,
        AgreedOutputRoot = default,
        AgreedBlockHash = default,
        ClaimedOutputRoot = default,
        ClaimedBlockNumber = 1,
        ChainId = 1,
    };

    private HostOracle Serve(PreimageStore store, BlobFetcher? blobs, HostOptions options) => new(
        Claim(), store, new PreimageFetcher(fixture.Node, fixture.Node, Claim(), store, options, blobs));

    private static (string Status, string Body) Sidecars(string path, TestBlob made) =>
        path == string.Create(
            CultureInfo.InvariantCulture, $"/eth/v1/beacon/blob_sidecars/{Slot}?indices={Index}")
            ? ("200 OK", Sidecar(made.Blob.Content.Span, made.Blob.Commitment.Span, made.Proof))
            : Clock(path);

    private static (string Status, string Body) Blobs(string path, TestBlob made) =>
        path == string.Create(
            CultureInfo.InvariantCulture,
            $"/eth/v1/beacon/blobs/{Slot}?versioned_hashes={made.Blob.VersionedHash}")
            ? ("200 OK", $$"""{"data":["{{Hex.Format(made.Blob.Content.Span)}}"]}""")
            : Clock(path);

    private static string Sidecar(
        ReadOnlySpan<byte> blob, ReadOnlySpan<byte> commitment, ReadOnlySpan<byte> proof) =>
        $$"""
        {"data":[{"index":"2","blob":"{{Hex.Format(blob)}}","kzg_commitment":"{{Hex.Format(commitment)}}",
        "kzg_proof":"{{Hex.Format(proof)}}"}]}
        """;

    private static (string Status, string Body) Clock(string path) => path switch
    {
        "/eth/v1/beacon/genesis" => ("200 OK", $$$"""{"data":{"genesis_time":"{{{GenesisTime}}}"}}"""),
        "/eth/v1/config/spec" => ("200 OK", $$$"""{"data":{"SECONDS_PER_SLOT":"{{{SlotSeconds}}}"}}"""),
        _ => path.Contains("sidecars", StringComparison.Ordinal)
            ? (ScriptedBeacon.Gone, "")
            : (ScriptedBeacon.Missing, ""),
    };

    private static (string Status, string Body) Lie(string path, TestBlob made, string lie)
    {
        string what = lie.Split(',')[0];
        bool isClock = path.Contains("genesis", StringComparison.Ordinal)
            || path.Contains("spec", StringComparison.Ordinal);
        switch (what)
        {
            case "nothing":
                return (ScriptedBeacon.Missing, "");
            case "silent":
                return ("503 Service Unavailable", "");
            case "garbage":
                return ("200 OK", "<html>");
            case "no genesis" when isClock:
                return ("200 OK", """{"data":{"genesis_time":"soon"}}""");
            case "slots of no time" when path.Contains("spec", StringComparison.Ordinal):
                return ("200 OK", """{"data":{"SECONDS_PER_SLOT":"0"}}""");
            default:
                break;
        }

        bool isSidecar = path.Contains("sidecars", StringComparison.Ordinal);
        if (isClock || (lie.Contains("no sidecars", StringComparison.Ordinal) && isSidecar))
        {
            return Clock(path);
        }

        if (what == "no blob")
        {
            return ("200 OK", """{"data":[]}""");
        }

        if (what is "other commitment" && !isSidecar)
        {
            return (ScriptedBeacon.Missing, "");
        }

        byte[] content = made.Blob.Content.ToArray();
        byte[] commitment = made.Blob.Commitment.ToArray();
        byte[] proof = [.. made.Proof];
        (what switch
        {
            "other commitment" => commitment,
            "other proof" => proof,
            _ => content,
        })[33] ^= 1;
        if (what == "no field element")
        {
            content.AsSpan(32, 32).Fill(0xff);
        }

        content = what == "short" ? content[..^32] : content;
        return ("200 OK", isSidecar
            ? Sidecar(content, commitment, proof)
            : $$"""{"data":["{{Hex.Format(content)}}"]}""");
    }
}
