using System.Text;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle.Server;

/// <summary>
/// Reads a child's standard output and error on a thread of its own, hands them on line by line, and
/// remembers the last lines of the error output for messages.
/// </summary>
internal sealed class ChildOutput : IDisposable
{
    private const int TailLinesMax = 5;
    private const int TailLineCharactersMax = 300;
    private const int BufferBytes = 16 * 1024;

    // After the end of the child a pipe holds at most its capacity; a grandchild that goes on writing must
    // not keep us here for ever.
    private const int DrainBytesMax = 1024 * 1024;
    private static readonly TimeSpan FinishTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private readonly Action<string, bool> _onLine;
    private readonly PosixEvent _stop = new();
    private readonly SafeFileHandle[] _pipes;
    private readonly LineAssembler[] _lines;
    private readonly Thread _thread;

    /// <summary>
    /// Prepares to read both pipes, which it owns from now on. <paramref name="onLine"/> runs on the reading
    /// thread, its second argument true for the error output; what it throws is dropped.
    /// </summary>
    public ChildOutput(
        SafeFileHandle standardOutput, SafeFileHandle standardError, Action<string, bool> onLine)
    {
        _onLine = onLine;
        _pipes = [standardOutput, standardError];
        _lines =
        [
            new LineAssembler(line => Deliver(line, false)),
            new LineAssembler(line => Deliver(line, true)),
        ];
        _thread = new Thread(Run) { IsBackground = true, Name = "oracle output" };
    }

    /// <summary>Starts the reading thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>
    /// Reads what is left in the pipes and ends the thread. When this returns, all lines that the child wrote
    /// before its end were delivered, unless the receiver of the lines is stuck for seconds.
    /// </summary>
    public void Finish()
    {
        _stop.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join(FinishTime);
        }
    }

    /// <summary>The same as <see cref="Finish"/>; the thread closes the pipes when it ends.</summary>
    public void Dispose() => Finish();

    /// <summary>The last lines of the error output, separated by " | "; empty when there are none.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            return string.Join(" | ", _tail);
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            bool isStopping = false;
            while (!isStopping && (!_pipes[0].IsClosed || !_pipes[1].IsClosed))
            {
                Span<Posix.PollEntry> entries = [Entry(_pipes[0]), Entry(_pipes[1]), _stop.Entry];
                _ = Descriptor.Poll(entries, -1);
                isStopping = entries[2].Returned != 0;
                for (int index = 0; index < _pipes.Length; index++)
                {
                    if (entries[index].Returned != 0)
                    {
                        _ = ReadOnce(index, buffer);
                    }
                }
            }

            Drain(buffer);
        }
        catch (CulverinException)
        {
            // Only poll can fail here, for want of kernel memory. Losing log lines is better than losing the
            // run.
        }
        finally
        {
            Close();
        }
    }

    private void Drain(byte[] buffer)
    {
        for (int index = 0; index < _pipes.Length; index++)
        {
            int total = 0;
            int count = 1;
            while (count > 0 && total < DrainBytesMax)
            {
                count = ReadOnce(index, buffer);
                total += count;
            }

            _lines[index].Finish();
        }
    }

    private int ReadOnce(int index, byte[] buffer)
    {
        SafeFileHandle pipe = _pipes[index];
        int count = pipe.IsClosed ? 0 : Descriptor.Read(pipe, buffer);
        if (count > 0)
        {
            _lines[index].Add(buffer.AsSpan(0, count));
            return count;
        }

        if (count != -Posix.ErrorAgain)
        {
            pipe.Dispose();
        }

        return 0;
    }

    private void Deliver(string line, bool isError)
    {
        if (isError)
        {
            lock (_gate)
            {
                _tail.Enqueue(Printable(line));
                if (_tail.Count > TailLinesMax)
                {
                    _tail.Dequeue();
                }
            }
        }

        try
        {
            _onLine(line, isError);
        }
        catch (Exception)
        {
            // The receiver is only told; its trouble must not end the process, which an exception on this
            // thread would.
        }
    }

    private void Close()
    {
        _pipes[0].Dispose();
        _pipes[1].Dispose();
        _stop.Dispose();
    }

    private static Posix.PollEntry Entry(SafeFileHandle pipe)
    {
        return new Posix.PollEntry
        {
            Descriptor = pipe.IsClosed ? -1 : Descriptor.Number(pipe),
            Requested = Posix.PollIn,
        };
    }

    private static string Printable(string line)
    {
        // The server's words end up in our error messages; they must not carry terminal commands along.
        var text = new StringBuilder();
        foreach (char character in line.AsSpan(0, Math.Min(line.Length, TailLineCharactersMax)))
        {
            text.Append(char.IsControl(character) ? '?' : character);
        }

        return text.ToString();
    }
}
