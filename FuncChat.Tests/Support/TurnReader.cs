using System.Text;
using FuncChat.Engine.Turns;

namespace FuncChat.Tests.Support;

/// <summary>Reads a turn as it goes, and lets a test wait for text.</summary>
internal sealed class TurnReader : IAsyncDisposable
{
    private readonly TurnFollower _follower;
    private readonly CancellationTokenSource _leaving;
    private readonly GrowingText _text = new();
    private readonly Task _reading;

    public TurnReader(TurnFollower follower, CancellationTokenSource leaving)
    {
        _follower = follower;
        _leaving = leaving;
        _reading = Task.Run(ReadAsync);
    }

    public string Text => _text.Text;

    /// <summary>Ends when the request that reads the turn may end.</summary>
    public Task Completion { get; init; } = Task.CompletedTask;

    public IReadOnlyList<SseEvent> Events => SseEvent.Parse(Text);

    /// <summary>Waits until the text holds this.</summary>
    public Task UntilAsync(string expected) => _text.UntilAsync(text => text.Contains(expected, StringComparison.Ordinal), _reading, expected);

    /// <summary>Reads to the end of the stream.</summary>
    public async Task<string> ToEndAsync()
    {
        await _reading;
        return Text;
    }

    public async Task<IReadOnlyList<SseEvent>> EventsToEndAsync() => SseEvent.Parse(await ToEndAsync());

    /// <summary>The reader leaves, as a client that closes its connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        try
        {
            await _reading;
        }
        catch (OperationCanceledException)
        {
            // It left.
        }

        _leaving.Dispose();
    }

    private async Task ReadAsync()
    {
        await using (_follower)
        {
            // A character may be split over two reads.
            var decoder = Encoding.UTF8.GetDecoder();
            var buffer = new byte[997];
            var characters = new char[1000];
            while (await _follower.WaitAsync() is var state and not FollowState.End)
            {
                if (state == FollowState.Idle)
                    _text.Add(": keep-alive\n\n");
                while (await _follower.ReadAsync(buffer) is var read and > 0)
                    _text.Add(new string(characters, 0, decoder.GetChars(buffer.AsSpan(0, read), characters, flush: false)));
            }
        }
    }
}
