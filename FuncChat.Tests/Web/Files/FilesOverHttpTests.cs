using System.Net;
using System.Net.Http.Headers;
using FuncChat.Tests.Support;
using FuncChat.Tests.Tools.Scrape;
using static FuncChat.Tests.Web.Files.FileBench;

namespace FuncChat.Tests.Web.Files;

public sealed class FilesOverHttpTests
{
    [Fact]
    public async Task File_is_described_and_returned_as_it_was_sent_in_a_form()
    {
        await using var bench = await StartAsync();

        using var created = await bench.PostFormAsync(Utf8("city,people\nOslo,700000\n"), "cities of Norway.csv");
        var file = await GuardedServer.JsonAsync(created);
        var id = file.GetProperty("id").GetString();
        using var read = await bench.GetAsync($"api/files/{id}");
        using var content = await bench.GetAsync($"api/files/{id}/content");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(
            $$"""{"id":"{{id}}","name":"cities of Norway.csv","media_type":"text/csv","bytes":24,"created_at":"2026-01-01T12:00:30Z","expires_at":"2026-01-31T12:00:30Z"}""",
            file.GetRawText());
        Assert.Equal(file.GetRawText(), (await GuardedServer.JsonAsync(read)).GetRawText());
        Assert.Equal("city,people\nOslo,700000\n", await content.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task File_is_accepted_as_the_body_alone()
    {
        await using var bench = await StartAsync();

        using var created = await bench.PostAsync("api/files?name=a%2Fphoto.txt", new ByteArrayContent(Png) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } });

        var file = await GuardedServer.JsonAsync(created);
        Assert.Equal(("photo.txt", "image/png"), (file.GetProperty("name").GetString(), file.GetProperty("media_type").GetString()));
    }

    [Fact]
    public async Task Quotation_marks_that_a_browser_encodes_are_left_out_of_a_name()
    {
        await using var bench = await StartAsync();
        var form = new ByteArrayContent(Utf8("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"my %22plan%22.txt\"\r\n\r\nx\r\n--b--\r\n"));
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        using var created = await bench.PostAsync("api/files", form);

        Assert.Equal("my plan.txt", (await GuardedServer.JsonAsync(created)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Name_in_an_encoding_that_is_not_decoded_is_ignored()
    {
        await using var bench = await StartAsync();
        var form = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-7\'\'+AAo-\r\n\r\nx\r\n--b--\r\n");
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        using var response = await bench.PostAsync("api/files", form);

        Assert.Equal("file.txt", (await GuardedServer.JsonAsync(response)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Content_can_neither_run_nor_be_shown_by_a_browser()
    {
        await using var bench = await StartAsync();
        var id = await bench.UploadAsync(Utf8("<!doctype html><script>alert(1)</script>"), "page.html");

        using var content = await bench.GetAsync($"api/files/{id}/content");

        Assert.Equal("text/plain", content.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("page.html", content.Content.Headers.ContentDisposition?.FileNameStar ?? content.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("nosniff", content.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("sandbox;", content.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-store", content.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task File_of_another_user_does_not_exist()
    {
        await using var bench = await StartAsync();
        var id = await bench.UploadAsync(Utf8("secret"), "a.txt");

        foreach (var path in new[] { $"api/files/{id}", $"api/files/{id}/content" })
        {
            using var read = await bench.GetAsync(path, GuardedServer.OtherKey);
            Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        }

        using var deleted = await bench.DeleteAsync($"api/files/{id}", GuardedServer.OtherKey);
        using var list = await bench.GetAsync("api/files", GuardedServer.OtherKey);
        var chat = await bench.ChatAsync(Part(id), key: GuardedServer.OtherKey);
        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
        Assert.Equal("""{"files":[]}""", await list.Content.ReadAsStringAsync());
        Assert.Contains("There is no such file", chat, StringComparison.Ordinal);
        Assert.Empty(bench.Server.Model.Requests);
    }

    [Theory]
    [InlineData("api/files/file_0123456789abcdef0123456789abcdef")]
    [InlineData("api/files/..%2F..%2Fsecret")]
    [InlineData("api/files/file_x/content")]
    public async Task Unknown_file_is_not_found(string path)
    {
        await using var bench = await StartAsync();

        using var response = await bench.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("api/files/file_00000000000000000000000000000000")]
    [InlineData("api/files/notes.txt")]
    [InlineData("api/files/file_1")]
    public async Task Deletion_of_a_file_that_no_user_has_is_404(string path)
    {
        await using var bench = await StartAsync();

        using var response = await bench.DeleteAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Deleted_file_is_gone()
    {
        await using var bench = await StartAsync();
        var id = await bench.UploadAsync(Png, "a.png");
        var other = await bench.UploadAsync(Png, "b.png");

        using var deleted = await bench.DeleteAsync($"api/files/{id}");
        using var again = await bench.DeleteAsync($"api/files/{id}");
        using var list = await bench.GetAsync("api/files");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
        Assert.Equal(other, Assert.Single((await GuardedServer.JsonAsync(list)).GetProperty("files").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Files_of_a_thread_are_listed_and_deleted_with_it()
    {
        await using var bench = await StartAsync();
        var own = await bench.UploadAsync(Png, "a.png", GuardedServer.BotKey, ("thread_id", "thread-0001"), ("purpose", "vision"));
        var attached = await bench.UploadAsync(Png, "b.png");
        var free = await bench.UploadAsync(Png, "c.png");

        using var list = await bench.GetAsync("api/files?thread_id=thread-0001");
        var file = Assert.Single((await GuardedServer.JsonAsync(list)).GetProperty("files").EnumerateArray());
        Assert.Equal(own, file.GetProperty("id").GetString());
        Assert.False(file.TryGetProperty("expires_at", out _));
        bench.Server.Model.Says("A cat.");
        using var turn = await bench.Server.SendAsync(
            HttpMethod.Post, "api/chat", GuardedServer.BotKey, $$"""{"thread_id":"thread-0001","messages":[{"role":"user","content":[{{Part(own)}},{{Part(attached)}}]}]}""");
        Assert.Contains("event: complete", await turn.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var thread = await bench.DeleteAsync("api/threads/thread-0001");
        Assert.Equal(HttpStatusCode.NoContent, thread.StatusCode);

        using var rest = await bench.GetAsync("api/files");
        Assert.Equal(free, Assert.Single((await GuardedServer.JsonAsync(rest)).GetProperty("files").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task List_has_at_most_as_many_files_as_the_limit_the_newest_first()
    {
        await using var bench = await StartAsync();
        await bench.UploadAsync(Png, "a.png");
        bench.Server.Time.Advance(TimeSpan.FromSeconds(1));
        var newest = await bench.UploadAsync(Png, "b.png");

        using var list = await bench.GetAsync("api/files?limit=1");
        using var all = await bench.GetAsync("api/files");

        Assert.Equal(newest, Assert.Single((await GuardedServer.JsonAsync(list)).GetProperty("files").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(2, (await GuardedServer.JsonAsync(all)).GetProperty("files").GetArrayLength());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("many")]
    public async Task Limit_of_a_list_that_is_not_valid_is_refused(string limit)
    {
        await using var bench = await StartAsync();

        using var list = await bench.GetAsync($"api/files?limit={limit}");

        Assert.Equal(HttpStatusCode.BadRequest, list.StatusCode);
        Assert.Contains("The parameter limit must be a whole number from 1 to 200.", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_without_its_end_is_named_damaged()
    {
        await using var bench = await StartAsync();
        var document = TestOffice.Word("<w:p/>");

        using var cut = await bench.PostFormAsync(document[..(document.Length / 2)], "a.docx");

        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        Assert.Contains("The file's end is missing", await cut.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_is_refused_when_it_is_too_large_of_a_wrong_type_or_empty()
    {
        await using var bench = await StartAsync(("FuncChat:Files:MaxFileBytes", "2000"));

        using var large = await bench.PostFormAsync(new byte[2001], "a.txt");
        using var huge = await bench.PostAsync("api/files", new ByteArrayContent(new byte[200_000]));
        using var program = await bench.PostFormAsync([0x4D, 0x5A, 0x90, 0x00], "a.txt");
        using var empty = await bench.PostFormAsync([], "a.txt");
        using var allowed = await bench.PostFormAsync(Utf8(new string('x', 2000)), "a.txt");

        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.BadRequest, HttpStatusCode.Created),
            (large.StatusCode, huge.StatusCode, program.StatusCode, empty.StatusCode, allowed.StatusCode));
    }

    [Fact]
    public async Task File_may_be_larger_than_other_bodies()
    {
        await using var bench = await StartAsync(("FuncChat:Requests:MaxBodyBytes", "2000"));

        using var created = await bench.PostFormAsync(Utf8(new string('x', 500_000)), "a.txt");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    [Theory]
    [InlineData("", "thread-0002", "thread-0002")]
    [InlineData("?thread_id=thread-0001", null, "thread-0001")]
    [InlineData("?thread_id=thread-0001", "thread-0002", "thread-0002")]
    public async Task Form_has_the_thread_of_the_query_unless_it_names_one(string query, string? field, string thread)
    {
        await using var bench = await StartAsync();
        var form = new MultipartFormDataContent { { new ByteArrayContent(Png), "file", "a.png" } };
        if (field is not null)
            form.Add(new StringContent(field), "thread_id");

        using var response = await bench.PostAsync($"api/files{query}", form);

        Assert.Equal(thread, (await GuardedServer.JsonAsync(response)).GetProperty("thread_id").GetString());
    }

    [Theory]
    [InlineData("?thread_id=x")]
    [InlineData("?thread_id=")]
    [InlineData("?thread_id=thread-0001&thread_id=thread-0002")]
    public async Task Thread_that_can_not_be_one_is_refused(string query)
    {
        await using var bench = await StartAsync();

        using var form = await bench.PostAsync($"api/files{query}", new MultipartFormDataContent { { new ByteArrayContent(Png), "file", "a.png" } });
        using var alone = await bench.PostAsync($"api/files{query}", new ByteArrayContent(Png));
        using var list = await bench.GetAsync($"api/files{query}");

        Assert.All([form, alone, list], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"thread_id\"\r\n\r\nthread-0001\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n")]
    [InlineData(
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"thread_id\"\r\n\r\nthread-0001\r\n--b\r\nContent-Disposition: form-data; name=\"thread_id\"\r\n\r\nthread-0002\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n")]
    public async Task Form_that_is_damaged_or_has_no_file_is_refused(string type, string body)
    {
        await using var bench = await StartAsync();
        var content = new ByteArrayContent(Utf8(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await bench.PostAsync("api/files", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Files_of_a_user_are_limited_in_number_and_bytes()
    {
        await using var bench = await StartAsync(("FuncChat:Files:MaxPerUser", "2"), ("FuncChat:Files:MaxBytesPerUser", "1048576"));
        await bench.UploadAsync(Utf8(new string('x', 1_000_000)), "a.txt");

        using var bytes = await bench.PostFormAsync(Utf8(new string('x', 100_000)), "b.txt");
        await bench.UploadAsync(Utf8("x"), "c.txt");
        using var number = await bench.PostFormAsync(Utf8("x"), "d.txt");
        using var other = await bench.PostFormAsync(Utf8("x"), "d.txt", GuardedServer.OtherKey);

        Assert.Equal("file_bytes_per_user", (await GuardedServer.JsonAsync(bytes)).GetProperty("limit").GetString());
        Assert.Equal("files_per_user", (await GuardedServer.JsonAsync(number)).GetProperty("limit").GetString());
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Fact]
    public async Task Files_count_towards_the_bytes_of_the_day()
    {
        await using var bench = await StartAsync(("FuncChat:Limits:BytesPerDay", "100000"));
        await bench.UploadAsync(Utf8(new string('x', 120_000)), "a.txt");

        using var second = await bench.PostFormAsync(Utf8("x"), "b.txt");

        Assert.Equal("bytes_per_day", (await GuardedServer.JsonAsync(second)).GetProperty("limit").GetString());
    }

    [Fact]
    public async Task File_expires_unless_it_belongs_to_a_thread()
    {
        await using var bench = await StartAsync(("FuncChat:Files:Retention", "1.00:00:00"));
        var free = await bench.UploadAsync(Png, "a.png");
        var own = await bench.UploadAsync(Png, "b.png", GuardedServer.BotKey, ("thread_id", "thread-0001"));
        using var thread = await bench.Server.SendAsync(HttpMethod.Post, "api/threads", GuardedServer.BotKey, """{"thread_id":"thread-0001"}""");
        Assert.True(thread.IsSuccessStatusCode);

        bench.Server.Time.Advance(TimeSpan.FromDays(1));

        using var expired = await bench.GetAsync($"api/files/{free}");
        using var kept = await bench.GetAsync($"api/files/{own}");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (expired.StatusCode, kept.StatusCode));
    }
}
