using System.Net;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FuncChat.Azure.Threads;
using FuncChat.Engine.Threads;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure.Threads;

public sealed class ThreadIndexTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly DeletedTable _table = new();

    private static ThreadDocument Thread { get; } = new() { User = "ada", Id = "thread-0001", CreatedAt = Now, UpdatedAt = Now, Version = 1 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row_is_not_written_without_end_while_its_table_is_being_deleted(bool isNew)
    {
        using var transport = new HttpClientTransport(_table);
        var options = new TableClientOptions { Transport = transport, Retry = { MaxRetries = 0 } };
        var index = new ThreadIndex(
            new TableClient(new Uri("https://account.table.core.windows.net"), "threads", new TableSharedKeyCredential("account", Convert.ToBase64String("key"u8)), options), _time);

        var writing = isNew ? index.AddAsync(Thread, CancellationToken.None) : index.WriteAsync(Thread, CancellationToken.None);
        await _table.Asked.WaitAsync();
        Assert.False(writing.IsCompleted);
        while (!writing.IsCompleted)
        {
            await writing.WaitAsync(TimeSpan.FromMilliseconds(5), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => writing)).Status);
        Assert.Equal(8, _table.Refused);
        Assert.InRange(_time.GetUtcNow() - Now, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1));
    }

    private sealed class DeletedTable : HttpMessageHandler
    {
        private int _refused;

        public Support.ManualSignal Asked { get; } = new();

        public int Refused => Volatile.Read(ref _refused);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var isRead = request.Method == HttpMethod.Get;
            if (!isRead)
                Interlocked.Increment(ref _refused);
            var (status, code) = isRead ? (HttpStatusCode.NotFound, "TableNotFound") : (HttpStatusCode.Conflict, "TableBeingDeleted");
            var response = new HttpResponseMessage(status)
            {
                Content = new StringContent($"{{\"odata.error\":{{\"code\":\"{code}\",\"message\":{{\"lang\":\"en-US\",\"value\":\"No.\"}}}}}}", null, "application/json"),
                RequestMessage = request,
            };
            response.Headers.Add("x-ms-error-code", code);
            Asked.Set();
            return response;
        }
    }
}
