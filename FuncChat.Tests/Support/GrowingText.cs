namespace FuncChat.Tests.Support;

/// <summary>Text that grows on another thread, and tells those who wait when it has.</summary>
internal sealed class GrowingText
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _grown = NewSignal();
    private string _text = "";

    public string Text
    {
        get
        {
            lock (_gate)
                return _text;
        }
    }

    public void Add(string text)
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _text += text;
            grown = _grown;
            _grown = NewSignal();
        }

        grown.SetResult();
    }

    /// <summary>Waits until the text is as it should be; fails where its source ends without.</summary>
    public async Task UntilAsync(Predicate<string> condition, Task source, string expected)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
                grown = _grown.Task;
            var ended = source.IsCompleted;
            if (condition(Text))
                return;
            Assert.False(ended, $"It ended without {expected}:\n{Text}");
            await Task.WhenAny(grown, source);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
