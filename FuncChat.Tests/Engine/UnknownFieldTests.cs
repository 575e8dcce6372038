using System.Text;
using System.Text.Json.Nodes;
using FuncChat.Engine.Files;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;

namespace FuncChat.Tests.Engine;

/// <summary>Fields that a newer version has stored: this one writes them again with what it changes.</summary>
public sealed class UnknownFieldTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Thread_keeps_the_fields_of_a_newer_version_when_it_is_changed()
    {
        var share = new ThreadShare($"share_{new string('a', 40)}", Now, Now, "Shared", [new SharedTurn("turn-0001", [])]);
        var json = JsonNode.Parse(new ThreadDocument
        {
            User = "ada",
            Id = "thread-0001",
            CreatedAt = Now,
            UpdatedAt = Now,
            Version = 1,
            Turns = [new ThreadTurn("turn-0001", null, Now)],
            Share = share,
        }.ToJson())!;
        json["pinned"] = true;
        json["turns"]![0]!["rating"] = JsonNode.Parse("""{"stars":[1,2.50]}""");
        json["share"]!["expires"] = "never";

        var thread = Parse(json);
        var changed = JsonNode.Parse((thread with { Title = "New", Turns = [thread.Turns[0] with { Status = ThreadTurnStatus.Complete }] }).ToJson())!;

        Assert.Equal(("New", true, "never"), ((string)changed["title"]!, (bool)changed["pinned"]!, (string)changed["share"]!["expires"]!));
        Assert.Equal("""{"stars":[1,2.50]}""", changed["turns"]![0]!["rating"]!.ToJsonString());
        Assert.Equal(thread.Turns[0], Parse(json).Turns[0]);
        json["turns"]![0]!["rating"] = 1;
        Assert.NotEqual(thread.Turns[0], Parse(json).Turns[0]);
    }

    [Fact]
    public void File_keeps_the_fields_of_a_newer_version_when_it_is_changed()
    {
        var file = new StoredFile { User = "ada", Id = "file_" + new string('a', 32), Name = "a.txt", MediaType = "text/plain", Bytes = 1, CreatedAt = Now };
        var json = JsonNode.Parse(file.ToJson())!;
        json["page_count"] = 3;

        var read = StoredFile.TryParse(file.Key.Folder(), Encoding.UTF8.GetBytes(json.ToJsonString()))!;

        Assert.Equal(3, (int)JsonNode.Parse((read with { ThreadId = "thread-0001" }).ToJson())!["page_count"]!);
    }

    private static ThreadDocument Parse(JsonNode json) =>
        ThreadDocument.Parse(UserHash.Of("ada"), "thread-0001", Encoding.UTF8.GetBytes(json.ToJsonString()));
}
