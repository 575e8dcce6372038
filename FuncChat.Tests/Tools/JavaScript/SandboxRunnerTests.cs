using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.JavaScript;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools.JavaScript;

public class SandboxRunnerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Run_starts_afresh_each_time()
    {
        await using var runner = Sandboxes.Create();
        await runner.RunAsync("globalThis.left = Object.prototype.left = 1", Long, CancellationToken.None);

        var outcome = await runner.RunAsync("typeof left + typeof ({}).left", Long, CancellationToken.None);

        Assert.Equal("undefinedundefined", outcome.Value?.GetString());
    }

    [Fact]
    public async Task Run_has_the_whole_language_when_no_file_can_be_opened_any_more()
    {
        await using var runner = Sandboxes.Create(new() { WarmSpare = false });

        var outcome = await runner.RunAsync(
            """
            const local = new Date(0).toLocaleString('en-US', { timeZone: 'Asia/Tokyo' });
            const price = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(1234.5);
            const match = 'ab'.replace(/(?<=a)b/iu, c => c.toUpperCase().normalize('NFD'));
            const sorted = ['b', 'ä', 'a'].sort(new Intl.Collator('de').compare).length;
            [local, price, match, sorted, String(2n ** 70n), Math.random() < 1, [...new Set([1.5])].map(n => n.toFixed(1))[0]]
            """,
            Long,
            CancellationToken.None);

        Assert.Equal(
            """["1/1/1970, 9:00:00 AM","$1,234.50","aB",3,"1180591620717411303424",true,"1.5"]""",
            outcome.Value?.GetRawText());
    }

    [Fact]
    public async Task Run_keeps_the_output_until_the_end_when_the_script_is_killed()
    {
        await using var runner = Sandboxes.Create(new() { WarmSpare = false });

        var outcome = await runner.RunAsync("console.log('first'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", TimeSpan.FromSeconds(5), CancellationToken.None);

        Assert.Equal(ScriptEnd.TimedOut, outcome.End);
        Assert.Equal(["first"], outcome.Console);
    }

    [LinuxFact]
    public async Task Runs_leave_no_process_behind_however_they_end()
    {
        // Tells these children from every other test's.
        var options = new JavaScriptOptions { MemoryMegabytes = 77 };
        var mark = (77L * 1024 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using (var runner = Sandboxes.Create(options))
        {
            using var cancellation = new CancellationTokenSource();
            var cancelled = runner.RunAsync("while (true);", Long, cancellation.Token);
            await Task.WhenAll(
                runner.RunAsync("1", Long, CancellationToken.None),
                runner.RunAsync("null.x", Long, CancellationToken.None),
                runner.RunAsync("while (true);", TimeSpan.FromMilliseconds(50), CancellationToken.None),
                runner.RunAsync("new Uint8Array(2 ** 30)", Long, CancellationToken.None),
                runner.RunAsync("2", Long, CancellationToken.None));
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        }

        Assert.Equal(0, Sandboxes.CountProcessesWith(mark));
    }

    [LinuxFact]
    public async Task Spare_is_used_once_and_ends_with_its_runner()
    {
        var options = new JavaScriptOptions { MemoryMegabytes = 78 };
        var mark = (78L * 1024 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using (var runner = Sandboxes.Create(options))
        {
            for (var i = 0; i < 3; i++)
            {
                await runner.RunAsync("1", Long, CancellationToken.None);
                Assert.Equal(1, Sandboxes.CountProcessesWith(mark));
            }
        }

        Assert.Equal(0, Sandboxes.CountProcessesWith(mark));
    }

    [Fact]
    public async Task Run_waits_in_line_when_every_place_is_taken_and_leaves_it_when_cancelled()
    {
        await using var runner = Sandboxes.Create(new() { Concurrency = 1, WarmSpare = false });
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var running = runner.RunAsync("while (true);", Long, first.Token);
        var leaving = runner.RunAsync("1", Long, second.Token);
        var waiting = runner.RunAsync("2", Long, CancellationToken.None);

        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.False(running.IsCompleted);
        Assert.False(waiting.IsCompleted);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(2, (await waiting).Value?.GetInt32());
    }

    [LinuxFact]
    public async Task Run_ends_at_its_timeout_when_the_child_does_nothing_about_it()
    {
        var time = new TimerWatch(TimeSpan.FromSeconds(5.5));
        await using var runner = Sandboxes.OfShell(@"printf 'R\0\0\0\0'; exec tail -f /dev/null", time);
        var run = runner.RunAsync("1", TimeSpan.FromSeconds(5), CancellationToken.None);

        await time.Started;
        time.Advance(TimeSpan.FromSeconds(5.5));

        Assert.Equal(ScriptEnd.TimedOut, (await run).End);
    }

    [LinuxFact]
    public async Task Run_fails_when_the_child_is_never_ready()
    {
        var time = new FakeTimeProvider();
        await using var runner = Sandboxes.OfShell("exec tail -f /dev/null", time);
        var run = runner.RunAsync("1", TimeSpan.FromSeconds(5), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(60));

        var failure = await Assert.ThrowsAsync<ToolException>(() => run);
        Assert.Equal("JavaScript is unavailable on this server right now.", failure.Message);
    }

    [Fact]
    public async Task Run_fails_when_the_child_cannot_be_started()
    {
        var options = new JavaScriptOptions();
        await using var runner = new SandboxRunner(
            () => new("/nonexistent/dotnet") { UseShellExecute = false }, options, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<SandboxRunner>.Instance);

        await Assert.ThrowsAsync<ToolException>(() => runner.RunAsync("1", Long, CancellationToken.None));
    }

    [LinuxFact]
    public Task Run_has_crashed_when_the_child_ends_without_a_word() => AssertEndAsync("exit 3", ScriptEnd.Crashed);

    [LinuxFact]
    public Task Run_has_crashed_when_the_child_sends_no_json() => AssertEndAsync(@"printf 'V\3\0\0\0{\"":'; exec tail -f /dev/null", ScriptEnd.Crashed);

    [LinuxFact]
    public Task Run_has_crashed_when_the_child_sends_an_unknown_frame() => AssertEndAsync(@"printf '?\0\0\0\0'; exec tail -f /dev/null", ScriptEnd.Crashed);

    [LinuxFact]
    public Task Run_has_crashed_when_the_child_announces_too_much() => AssertEndAsync(@"printf 'C\377\377\377\177'; exec tail -f /dev/null", ScriptEnd.Crashed);

    [LinuxFact]
    public Task Run_has_crashed_when_the_child_announces_less_than_nothing() => AssertEndAsync(@"printf 'C\377\377\377\377'; exec tail -f /dev/null", ScriptEnd.Crashed);

    [LinuxFact]
    public Task Run_has_crashed_when_the_child_never_stops_sending() => AssertEndAsync(@"while :; do printf 'C\4\0\0\0spam'; done", ScriptEnd.Crashed);

    [LinuxFact]
    public Task Run_is_out_of_memory_when_the_runtime_says_so_at_its_end() => AssertEndAsync("echo 'Out of memory.' >&2; exit 134", ScriptEnd.OutOfMemory);

    private static async Task AssertEndAsync(string script, ScriptEnd end)
    {
        await using var runner = Sandboxes.OfShell(@"printf 'R\0\0\0\0'; " + script);

        var outcome = await runner.RunAsync("1", Long, CancellationToken.None);

        Assert.Equal(end, outcome.End);
        Assert.NotNull(outcome.Failure);
    }

    /// <summary>Tells when a timer of the given length is started: from then on its time may pass.</summary>
    private sealed class TimerWatch(TimeSpan length) : FakeTimeProvider
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == length)
                _started.TrySetResult();
            return timer;
        }
    }
}
