using System.Net.Sockets;
using FuncChat.Bench.Wire;

namespace FuncChat.Bench.Upstream;

/// <summary>Sends the pieces of paced answers, each at its time, from one thread. The time in a piece is read right before it is sent.</summary>
internal sealed class Pacer : IDisposable
{
    // How soon a stream that comes in between is seen.
    private const long LongestSleep = 2_000;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<PacedAnswer, long> _due = new();
    private readonly ManualResetEventSlim _work = new();
    private readonly byte[] _chunk = [.. Answers.TextChunk];
    private long _answers;
    private volatile bool _isOver;

    public Pacer() => new Thread(Run) { IsBackground = true, Name = "pacer" }.Start();

    /// <summary>Sends an answer of that many pieces, one each so many milliseconds.</summary>
    public async Task SendAsync(Socket connection, int pieces, double interval)
    {
        await connection.SendAsync(Answers.Start);
        var answer = new PacedAnswer(connection, pieces, (long)(interval * 1000));
        lock (_lock)
        {
            // The golden ratio spreads any number of streams evenly over the interval.
            var phase = ++_answers * 0.6180339887 % 1;
            _due.Enqueue(answer, Clock.Microseconds + (long)(phase * answer.Interval));
        }

        _work.Set();
        await answer.Sent.Task;
    }

    public void Dispose()
    {
        _isOver = true;
        _work.Set();
    }

    private void Run()
    {
        while (!_isOver)
        {
            if (TakeDue(out var due) is { } answer)
                Send(answer, due);
            else if (due > 0)
                Clock.SleepUntil(Math.Min(due, Clock.Microseconds + LongestSleep));
            else
                _work.Wait();
        }
    }

    // Null where none is due; then the time at which one will be, or 0.
    private PacedAnswer? TakeDue(out long due)
    {
        lock (_lock)
        {
            if (!_due.TryPeek(out var answer, out due))
                _work.Reset();
            else if (due <= Clock.Microseconds)
                return _due.Dequeue();
            return null;
        }
    }

    private void Send(PacedAnswer answer, long due)
    {
        try
        {
            Piece.Write(_chunk.AsSpan(Answers.PieceAt), answer.Next++, Clock.Microseconds);
            answer.Connection.Send(_chunk);
            if (answer.Next < answer.Pieces)
            {
                lock (_lock)
                    _due.Enqueue(answer, due + answer.Interval);
                return;
            }

            answer.Connection.Send(Answers.End);
            answer.Sent.SetResult();
        }
        catch (SocketException e)
        {
            answer.Sent.SetException(e);
        }
    }

    private sealed class PacedAnswer(Socket connection, int pieces, long interval)
    {
        public Socket Connection => connection;

        public int Pieces => pieces;

        public long Interval => interval;

        public int Next { get; set; }

        public TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
