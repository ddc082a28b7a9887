using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Tests;

/// <summary>
/// A loopback HTTP server that answers each request by a script: it gets the request's body and the raw
/// connection, and may do anything with them. Counts the requests it saw.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, NetworkStream, Task> _script;
    private int _requestCount;

    internal ScriptedServer(Func<string, NetworkStream, Task> script)
    {
        _script = script;
        _listener.Start();
        _ = AcceptAsync();
    }

    internal Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    internal int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>A server that answers every request with this status and body.</summary>
    internal static ScriptedServer Answering(string body, string status = "200 OK") =>
        new((_, stream) => WriteAsync(stream, body, status));

    internal static async Task WriteAsync(NetworkStream stream, string body, string status = "200 OK")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string head = $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {bytes.Length.ToString(CultureInfo.InvariantCulture)}\r\n"
            + "Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(bytes);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using TcpClient owned = client;
            NetworkStream stream = client.GetStream();
            string body = await ReadBodyAsync(stream);
            Interlocked.Increment(ref _requestCount);
            await _script(body, stream);
        }
        catch (IOException)
        {
            // The client gave up first, as it should in some tests.
        }
    }

    private async Task<string> ReadBodyAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[1 << 20];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
            if (read == 0)
            {
                throw new IOException("The client closed before its request was complete.");
            }

            length += read;
            string text = Encoding.UTF8.GetString(buffer, 0, length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            int mark = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
            if (end >= 0 && mark >= 0)
            {
                int lineEnd = text.IndexOf('\r', mark);
                ReadOnlySpan<char> digits = text.AsSpan(mark + 16, lineEnd - mark - 16);
                int size = int.Parse(digits, CultureInfo.InvariantCulture);
                if (length >= end + 4 + size)
                {
                    return text[(end + 4)..];
                }
            }
        }
    }
}
