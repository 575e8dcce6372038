using System.ComponentModel.DataAnnotations;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace FuncChat.Azure;

/// <summary>The value must be a connection string that the SDK of its service can read.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StorageConnectionStringAttribute(bool isTable = false) : ValidationAttribute("must be a connection string of a storage account")
{
    public override bool IsValid(object? value)
    {
        if (value is not string { Length: > 0 } text)
            return true;
        try
        {
            _ = isTable ? new TableServiceClient(text) : (object)new BlobServiceClient(text);
            return true;
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
