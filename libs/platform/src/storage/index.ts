export { ClamavScan } from './clamav-scan.js';
export { contentDisposition, toDownload } from './download.js';
export { FileMissing, FileStore, FileTooLarge, StoreRefuses, type StoredFile } from './file-store.js';
export { forgetBytes } from './forget-bytes.js';
export { holdBytes } from './hold-bytes.js';
export { LocalFileStore } from './local-file-store.js';
export { S3FileStore } from './s3-file-store.js';
export { SignedLinks } from './signed-links.js';
export { type Member, tar } from './tar.js';
