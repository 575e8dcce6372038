using FuncChat.Engine.Background;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Engine.Background;

public sealed class LocalBackgroundTurnsTests : IDisposable
{
    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Damaged_turn_is_given_up_instead_of_being_tried_forever()
    {
        var key = TurnBench.Key("turn-0001");
        await (await _bench.Log.CreateAsync(key, "{\n\n"u8.ToArray(), CancellationToken.None))!.DisposeAsync();
        var logger = new SignalingLogger();
        using var turns = new LocalBackgroundTurns(_bench.DataPath, _bench.Services.GetRequiredService<IServiceScopeFactory>(), _bench.Time, logger);

        await turns.ScheduleAsync(key, CancellationToken.None);
        await logger.GivenUp.WaitAsync();

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_bench.DataPath, "background")));
    }

    public void Dispose() => _bench.Dispose();

    private sealed class SignalingLogger : ILogger<LocalBackgroundTurns>
    {
        /// <summary>Set when a turn is given up.</summary>
        public ManualSignal GivenUp { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is TurnStoreException { Reason: TurnStoreFailure.Damaged } && eventId.Id == 115)
                GivenUp.Set();
        }
    }
}
