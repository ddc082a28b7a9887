using System.Net;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>What came over HTTP: the status, the wait that the server asks for, and the whole body.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">The wait of the header Retry-After; null without one.</param>
/// <param name="Body">The body.</param>
internal readonly record struct HttpAnswer(
    HttpStatusCode Status, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// Whether the body may be JSON-RPC. Some nodes send their error objects under a 4xx or 5xx status: only
    /// a body that is no object is hopeless.
    /// </summary>
    public bool IsJson =>
        Status == HttpStatusCode.OK || (!Body.IsEmpty && Body.Span[0] is (byte)'{' or (byte)'[');

    /// <summary>
    /// Whether the server does not answer now, and wants to be asked again later: it says so outright, or it
    /// is away and names the time.
    /// </summary>
    public bool IsThrottle =>
        Status == HttpStatusCode.TooManyRequests
        || (Status == HttpStatusCode.ServiceUnavailable && RetryAfter is not null);
}
