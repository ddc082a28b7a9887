using System.Globalization;
using System.Net;
using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host.Blobs;

/// <summary>
/// A beacon node's HTTP interface (ethereum/beacon-APIs): where blobs come from. It is not believed.
/// </summary>
public sealed class BeaconNode : IDisposable
{
    private const ulong UsualSlotSeconds = 12;

    // Far above all blobs of a block in hexadecimal; an answer is never read further.
    private const int AnswerBytesMax = 64 << 20;

    private readonly HttpClient _http;
    private readonly string _name;
    private (ulong GenesisTime, ulong SlotSeconds)? _clock;

    /// <summary>Uses the node at an address, which may have a path and credentials.</summary>
    public BeaconNode(Uri address, TimeSpan deadline)
    {
        string text = address.ToString();
        _http = new HttpClient
        {
            BaseAddress = new Uri(text.EndsWith('/') ? text : text + "/"),
            Timeout = deadline,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        if (address.UserInfo.Length > 0)
        {
            string credentials = Convert.ToBase64String(
                System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)));
            _http.DefaultRequestHeaders.Authorization = new("Basic", credentials);
        }

        // Paths and credentials may be secret.
        _name = $"The beacon node at {address.Scheme}://{address.Authority}";
    }

    /// <summary>The slot of a block by its time in seconds.</summary>
    /// <exception cref="ChainException">The node fails, or has no slot at that time.</exception>
    internal async Task<ulong> SlotAtAsync(ulong time, CancellationToken cancellation)
    {
        _clock ??= await ReadClockAsync(cancellation).ConfigureAwait(false);
        (ulong genesis, ulong seconds) = _clock.Value;
        return time >= genesis
            ? (time - genesis) / seconds
            : throw new ChainException(
                ChainFailure.BadAnswer, $"{_name} begins at {genesis}, and a block's time is {time}.");
    }

    /// <summary>
    /// The sidecars of one place among a block's blobs; null when the node does not serve sidecars.
    /// </summary>
    internal async Task<IReadOnlyList<BlobSidecar>?> FindSidecarsAsync(
        ulong block, ulong index, CancellationToken cancellation)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture, $"eth/v1/beacon/blob_sidecars/{block}?indices={index}");
        JsonElement? answer = await FindAsync(path, cancellation).ConfigureAwait(false);
        return answer is { } found
            ? [.. Data(found).Select(each =>
            {
                JsonObject sidecar = new(each, "blob sidecar");
                return new BlobSidecar(
                    sidecar.Bytes("blob"), sidecar.Bytes("kzg_commitment"), sidecar.Bytes("kzg_proof"));
            })]
            : null;
    }

    /// <summary>
    /// The blobs of a block that have a versioned hash, or all of them if the node does not look at that;
    /// null when it serves none.
    /// </summary>
    internal async Task<IReadOnlyList<byte[]>?> FindBlobsAsync(
        ulong block, Bytes32 versionedHash, CancellationToken cancellation)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture, $"eth/v1/beacon/blobs/{block}?versioned_hashes={versionedHash}");
        JsonElement? answer = await FindAsync(path, cancellation).ConfigureAwait(false);
        return answer is { } found ? [.. Data(found).Select(Hex.Read)] : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(ulong GenesisTime, ulong SlotSeconds)> ReadClockAsync(CancellationToken cancellation)
    {
        JsonElement genesis = await FindAsync("eth/v1/beacon/genesis", cancellation).ConfigureAwait(false)
            ?? throw new ChainException(ChainFailure.BadAnswer, $"{_name} has no genesis.");
        ulong time = Number(new JsonObject(genesis, "genesis").Get("data"), "genesis_time");
        JsonElement? spec = await FindAsync("eth/v1/config/spec", cancellation).ConfigureAwait(false);
        ulong seconds = spec is { } known
            ? Number(new JsonObject(known, "configuration").Get("data"), "SECONDS_PER_SLOT")
            : UsualSlotSeconds;
        return seconds > 0
            ? (time, seconds)
            : throw new ChainException(ChainFailure.BadAnswer, $"{_name} has slots of no time.");
    }

    // Null where the node does not know the path or the block.
    private async Task<JsonElement?> FindAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage response =
                await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone
                or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest
                or HttpStatusCode.NotImplemented)
            {
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                ChainFailure failure = response.StatusCode == HttpStatusCode.TooManyRequests
                    ? ChainFailure.Throttled
                    : ChainFailure.BadAnswer;
                throw new ChainException(
                    failure, $"{_name} answered {path} with status {(int)response.StatusCode}.");
            }

            using JsonDocument document = JsonDocument.Parse(
                await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new ChainException(
                ChainFailure.Unreachable, $"{_name} cannot be asked: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"{_name} answered {path} with no JSON.", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainException(
                ChainFailure.Deadline, $"{_name} did not answer in {_http.Timeout.TotalSeconds} s.", error);
        }
    }

    private static IEnumerable<JsonElement> Data(JsonElement answer) =>
        new JsonObject(answer, "list of blobs").List("data");

    // Numbers are decimal texts in this interface.
    private static ulong Number(JsonElement element, string name) =>
        ulong.TryParse(
            JsonText.Read(new JsonObject(element, "beacon answer").Get(name)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out ulong value)
            ? value
            : throw new ChainException(ChainFailure.BadAnswer, $"The beacon node's {name} is no number.");
}
