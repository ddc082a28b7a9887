using System.Buffers;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>One call or batch over HTTP, with the retries that cannot do anything twice.</summary>
public sealed partial class JsonRpcClient
{
    private async Task<HttpAnswer> AttemptAsync(
        byte[] body, bool isReading, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_options.Deadline);
        try
        {
            return await SendAsync(body, isReading, deadline.Token).ConfigureAwait(false);
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

    private async Task<HttpAnswer> SendAsync(
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
                return await ReadAsync(response, cancellation).ConfigureAwait(false);
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

    private async Task<HttpAnswer> ReadAsync(
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

        return new HttpAnswer(response.StatusCode, WaitOf(response), buffer.WrittenMemory);
    }

    private static TimeSpan? WaitOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };
}
