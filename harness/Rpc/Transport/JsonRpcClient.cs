using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>
/// A JSON-RPC 2.0 client over HTTP. Every answer is hostile until it is checked: its size is capped, it
/// must be JSON, each call must be answered exactly once under its own id. Failures are <see
/// cref="ChainException"/>, error objects <see cref="JsonRpcException"/>, the caller's cancellation <see
/// cref="OperationCanceledException"/>. A call is repeated when no connection came about, a mere question
/// also when its answer got lost, and any call, after a wait, when the node says that it is asked too often.
/// May be used from several threads at once.
/// </summary>
public sealed partial class JsonRpcClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri _endpoint;
    private readonly JsonRpcOptions _options;
    private readonly HttpClient _http;
    private readonly RequestThrottle _throttle;
    private long _lastId;

    /// <summary>
    /// Makes a client for an http or https address; no connection is made before the first call.
    /// </summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="options">Limits and deadlines.</param>
    /// <param name="wrap">
    /// Puts something between the client and the network, such as a change of what is asked.
    /// </param>
    public JsonRpcClient(
        Uri endpoint,
        JsonRpcOptions? options = null,
        Func<HttpMessageHandler, DelegatingHandler>? wrap = null)
    {
        _endpoint = endpoint;
        _options = options ?? new JsonRpcOptions();
        _throttle = new RequestThrottle(_options);
        _batchCount = _options.BatchCountMax;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !endpoint.IsLoopback,
        };
        HttpMessageHandler outermost = wrap is null ? handler : wrap(handler);
        _http = new HttpClient(outermost, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Makes one call and returns its result.</summary>
    public async Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellation = default)
    {
        (JsonRpcAnswer answer, _) = await CallPlainAsync(request, cancellation).ConfigureAwait(false);
        return answer.Require();
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    // The answer, and whether it carries the call's id: an error need not.
    private async Task<(JsonRpcAnswer Answer, bool IsOwn)> CallPlainAsync(
        JsonRpcRequest request, CancellationToken cancellation)
    {
        long id = Interlocked.Increment(ref _lastId);
        byte[] body = Serialize(writer => WriteCall(writer, request, id));
        (HttpAnswer http, JsonElement answer) =
            await ExchangeAsync(body, request.IsReading, cancellation).ConfigureAwait(false);
        RequireJson(http);
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw Bad($"{request.Method} was answered by something else than one JSON object");
        }

        // Id 0 is never given out: it stands for "answered without an id", which only an error may be.
        JsonRpcAnswer parsed = ReadAnswer(answer, request.Method, out long answeredId);
        return answeredId == id || (answeredId == 0 && parsed.Error is not null)
            ? (parsed, answeredId == id)
            : throw Bad($"the answer to {request.Method} carries the id of another call");
    }

    // What is no JSON is handed on as it is. A node that is asked too often is asked again later.
    private async Task<(HttpAnswer Http, JsonElement Json)> ExchangeAsync(
        byte[] body, bool isReading, CancellationToken cancellation)
    {
        for (int round = 0; ; round++)
        {
            await _throttle.WaitAsync(cancellation).ConfigureAwait(false);
            HttpAnswer http = await AttemptAsync(body, isReading, cancellation).ConfigureAwait(false);
            JsonElement json = http is { IsJson: true, IsThrottle: false } ? Parse(http.Body) : default;
            JsonRpcError? refusal = ThrottleIn(json);
            if (!http.IsThrottle && refusal is null)
            {
                return (http, json);
            }

            _throttle.Close(round, http.RetryAfter);
            if (round >= _options.ThrottleRetryCount)
            {
                throw Throttled(refusal?.Message ?? $"HTTP status {(int)http.Status}");
            }
        }
    }

    private static JsonRpcError? ThrottleIn(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object
        && answer.TryGetProperty("error", out JsonElement error)
        && error.ValueKind == JsonValueKind.Object
        && JsonRpcError.Read(error) is { IsThrottle: true } refusal
            ? refusal
            : null;

    private JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonElement.Parse(body.Span, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"The node at {Shown} answered with broken JSON.", error);
        }
    }

    private JsonRpcAnswer ReadAnswer(JsonElement element, string method, out long id)
    {
        id = ReadId(element);
        if (element.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
        {
            return new JsonRpcAnswer(method, default, JsonRpcError.Read(error));
        }

        return element.TryGetProperty("result", out JsonElement result)
            ? new JsonRpcAnswer(method, result, null)
            : throw Bad($"the answer to {method} has neither a result nor an error");
    }

    private static long ReadId(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("id", out JsonElement id)
        && id.ValueKind == JsonValueKind.Number
        && id.TryGetInt64(out long number)
            ? number
            : 0;

    private static byte[] Serialize(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCall(Utf8JsonWriter writer, JsonRpcRequest request, long id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNumber("id", id);
        writer.WriteString("method", request.Method);
        writer.WriteStartArray("params");
        request.WriteParameters(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private ChainException Bad(string what) =>
        new(ChainFailure.BadAnswer, $"The node at {Shown} does not speak JSON-RPC as it should: {what}.");

    private void RequireJson(HttpAnswer http)
    {
        if (!http.IsJson)
        {
            throw Bad($"it answered with HTTP status {(int)http.Status} and no JSON");
        }
    }

    private ChainException Throttled(string words) => new(
        ChainFailure.Throttled,
        $"The node at {Shown} still says that it is asked too often, after {_options.ThrottleRetryCount} "
            + $"retries: {words}");

    // Scheme, host and port only: the path and user part of an endpoint often hold a secret.
    private string Shown => _endpoint.GetLeftPart(UriPartial.Scheme) + _endpoint.Authority;
}
