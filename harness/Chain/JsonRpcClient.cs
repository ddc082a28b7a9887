using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Chain;

/// <summary>
/// A JSON-RPC 2.0 client over HTTP. Every answer is hostile until it is checked: its size is capped, it
/// must be JSON, each call must be answered exactly once under its own id. Failures are <see
/// cref="ChainException"/>, error objects <see cref="JsonRpcException"/>, the caller's cancellation <see
/// cref="OperationCanceledException"/>. A call is repeated when no connection came about, and a mere question
/// also when its answer got lost. May be used from several threads at once.
/// </summary>
public sealed class JsonRpcClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri _endpoint;
    private readonly JsonRpcOptions _options;
    private readonly HttpClient _http;
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
        long id = Interlocked.Increment(ref _lastId);
        byte[] body = Serialize(writer => WriteCall(writer, request, id));
        JsonElement answer =
            await ExchangeAsync(body, request.IsReading, cancellation).ConfigureAwait(false);
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw Bad($"{request.Method} was answered by something else than one JSON object");
        }

        // Id 0 is never given out: it stands for "answered without an id", which only an error may be.
        JsonRpcAnswer parsed = ReadAnswer(answer, request.Method, out long answeredId);
        if (answeredId != id && !(answeredId == 0 && parsed.Error is not null))
        {
            throw Bad($"the answer to {request.Method} carries the id of another call");
        }

        return parsed.Require();
    }

    /// <summary>
    /// Makes many calls in as few HTTP requests as the limit allows and returns their answers in the same
    /// order. An error object of one call is part of its answer and throws nothing here.
    /// </summary>
    public async Task<IReadOnlyList<JsonRpcAnswer>> BatchAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellation = default)
    {
        JsonRpcAnswer[] answers = new JsonRpcAnswer[requests.Count];
        for (int start = 0; start < requests.Count; start += _options.BatchCountMax)
        {
            int count = Math.Min(_options.BatchCountMax, requests.Count - start);
            await BatchPartAsync(requests, answers, start, count, cancellation).ConfigureAwait(false);
        }

        return answers;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task BatchPartAsync(
        IReadOnlyList<JsonRpcRequest> requests,
        JsonRpcAnswer[] answers,
        int start,
        int count,
        CancellationToken cancellation)
    {
        long firstId = Interlocked.Add(ref _lastId, count) - count + 1;
        byte[] body = Serialize(writer =>
        {
            writer.WriteStartArray();
            for (int index = 0; index < count; index++)
            {
                WriteCall(writer, requests[start + index], firstId + index);
            }

            writer.WriteEndArray();
        });
        bool isReading = requests.Skip(start).Take(count).All(request => request.IsReading);
        JsonElement reply = await ExchangeAsync(body, isReading, cancellation).ConfigureAwait(false);
        if (reply.ValueKind == JsonValueKind.Object)
        {
            // A node may refuse the batch as a whole by one error object.
            _ = ReadAnswer(reply, "a batch", out _).Require();
        }

        if (reply.ValueKind != JsonValueKind.Array || reply.GetArrayLength() != count)
        {
            throw Bad($"a batch of {count} calls was not answered by as many answers");
        }

        foreach (JsonElement element in reply.EnumerateArray())
        {
            long index = ReadId(element) - firstId;
            if (index < 0 || index >= count || answers[start + index] is not null)
            {
                throw Bad("the answer to a batch carries an id that was not asked, or one id twice");
            }

            answers[start + index] = ReadAnswer(element, requests[start + (int)index].Method, out _);
        }
    }

    private async Task<JsonElement> ExchangeAsync(
        byte[] body, bool isReading, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_options.Deadline);
        try
        {
            return Parse(await SendAsync(body, isReading, deadline.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainException(
                ChainFailure.Deadline,
                $"The node at {Shown} gave no answer within {_options.Deadline.TotalSeconds:0.###} s.",
                error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ChainException(
                ChainFailure.Unreachable,
                $"The node at {Shown} cannot be reached or closed the connection early ({error.Message}).",
                error);
        }
    }

    // Scheme, host and port only: the path and user part of an endpoint often hold a secret.
    private string Shown => _endpoint.GetLeftPart(UriPartial.Scheme) + _endpoint.Authority;

    private async Task<ReadOnlyMemory<byte>> SendAsync(
        byte[] body, bool isReading, CancellationToken cancellation)
    {
        TimeSpan delay = _options.ConnectionRetryDelay;
        int connectionRetries = _options.ConnectionRetryCount;
        int readRetries = isReading ? _options.ReadRetryCount : 0;
        while (true)
        {
            try
            {
                using HttpRequestMessage message = new(HttpMethod.Post, _endpoint)
                {
                    Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
                };
                using HttpResponseMessage response = await _http
                    .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation)
                    .ConfigureAwait(false);
                return await ReadBodyAsync(response, cancellation).ConfigureAwait(false);
            }
            catch (HttpRequestException error)
                when (IsUnconnected(error) && connectionRetries-- > 0)
            {
                // Nothing can have reached the node: tried again after the wait.
            }
            catch (Exception error) when (IsAnswerLost(error) && readRetries-- > 0)
            {
                // What reached the node changed nothing: asked again after the wait.
            }

            await Task.Delay(delay, cancellation).ConfigureAwait(false);
            delay *= 2;
        }
    }

    // The only failures after which nothing can have reached the node.
    private static bool IsUnconnected(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;

    private static bool IsAnswerLost(Exception error) =>
        error is IOException || (error is HttpRequestException request && !IsUnconnected(request));

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(
        HttpResponseMessage response, CancellationToken cancellation)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        ArrayBufferWriter<byte> buffer = new();
        while (true)
        {
            int read = await stream.ReadAsync(buffer.GetMemory(16 << 10), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > _options.AnswerBytesMax)
            {
                throw new ChainException(
                    ChainFailure.AnswerTooLarge,
                    $"The node at {Shown} sent more than the allowed {_options.AnswerBytesMax:N0} bytes.");
            }
        }

        // Some nodes send their error objects under a 4xx or 5xx status: only a body that is no object is
        // hopeless.
        ReadOnlyMemory<byte> body = buffer.WrittenMemory;
        bool looksLikeJson = !body.IsEmpty && body.Span[0] is (byte)'{' or (byte)'[';
        return response.StatusCode == HttpStatusCode.OK || looksLikeJson
            ? body
            : throw Bad($"it answered with HTTP status {(int)response.StatusCode} and no JSON");
    }

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
}
